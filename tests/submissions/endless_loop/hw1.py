"""One function never comes back; the answers around it are right."""

q1a2_weights = "F*D*K^2"


def pixels_after(N, L):
    while L > 0:
        N = N // 2  # L is never lowered
    return N * N


def effective_kernel(F, D):
    return (F - 1) * D + 1


q5b_field = "(F-1)*D + 1"
