"""The gradients of homework 1 against oracles that share nothing with them: central differences, complex step."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder import catalog
from autograder.arrays import central_differences, complex_step

ROOT = Path(__file__).parent.parent
FUNCTIONS = {p.name: p.implementation for p in catalog.load(ROOT, "hw1").problems if p.kind == "Function"}
SHAPES = [((2, 3, 4), (3, 2, 5), (2, 1, 3)), ((1, 2, 2), (2, 3, 3), (1, 2, 1)), ((3, 1, 1), (1, 1, 2), (3, 2, 2))]


def correlate(x: Any, kernel: Any) -> Any:
    """Seven plain loops."""
    M, N, C, L = kernel.shape
    rows, columns = x.shape[0] - M + 1, x.shape[1] - N + 1
    out = np.zeros((rows, columns, L), dtype=np.result_type(x, kernel))
    for r in range(rows):
        for s in range(columns):
            for place in range(L):
                out[r, s, place] = sum(
                    kernel[m, n, c, place] * x[r + m, s + n, c]
                    for m in range(M)
                    for n in range(N)
                    for c in range(C)
                )
    return out


def loss(x: Any, w1: Any, w2: Any, dz: Any) -> Any:
    P2 = correlate(correlate(x, w1), w2)
    total = 0
    for i, j, k in np.ndindex(*dz.shape):
        total = total + dz[i, j, k] * P2[2 * i : 2 * i + 2, 2 * j : 2 * j + 2, k].sum() / 4
    return total


@pytest.mark.parametrize(("out", "second", "first"), SHAPES)
def test_the_chain_of_question_3(out: Any, second: Any, first: Any) -> None:
    rng = np.random.default_rng(1)
    (h, w, K), (M, N, L), (M1, N1, C) = out, second, first
    x = rng.normal(size=(2 * h + M + M1 - 2, 2 * w + N + N1 - 2, C))
    w1, w2 = rng.normal(size=(M1, N1, C, L)), rng.normal(size=(M, N, L, K))
    dz = rng.normal(size=out)
    found = FUNCTIONS["grads"](x, w1, w2, dz)
    by_difference = {
        "w1": central_differences(lambda value: loss(x, value, w2, dz), w1),
        "w2": central_differences(lambda value: loss(x, w1, value, dz), w2),
    }
    by_complex_step = {
        "w1": complex_step(lambda value: loss(x, value, w2, dz), w1),
        "w2": complex_step(lambda value: loss(x, w1, value, dz), w2),
        "x": complex_step(lambda value: loss(value, w1, w2, dz), x),
    }
    for name, expected in by_difference.items():
        np.testing.assert_allclose(found[name], expected, rtol=1e-6, atol=1e-8)
    for name, expected in by_complex_step.items():
        np.testing.assert_allclose(found[name], expected, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize(("n", "k"), [(12, 4), (7, 2), (6, 6), (5, 1)])
def test_the_kernel_gradient_of_question_2(n: int, k: int) -> None:
    rng = np.random.default_rng(n)
    x, dz = rng.normal(size=n), rng.normal(size=n - k + 1)

    def value(kernel: Any) -> Any:
        return sum(dz[i] * sum(kernel[j] * x[i + j] for j in range(k)) for i in range(n - k + 1))

    np.testing.assert_allclose(FUNCTIONS["grad_w"](x, dz, k), complex_step(value, np.ones(k)), rtol=1e-12)
    np.testing.assert_allclose(FUNCTIONS["grad_w"](x, dz, k), np.correlate(x, dz, "valid"), rtol=1e-12)


@pytest.mark.parametrize("alpha", [0.5, 3.0, 100.0])
def test_scaling_moves_into_eps(alpha: float) -> None:
    """BN_eps(alpha x) = BN_{eps/alpha^2}(x) for alpha > 0: the exact form of the scale property."""
    rng = np.random.default_rng(2)
    X, gamma, beta = rng.normal(size=(7, 4)), rng.normal(size=4), rng.normal(size=4)
    norm = FUNCTIONS["bn_dense"]
    np.testing.assert_allclose(
        norm(alpha * X, gamma, beta, 1e-3), norm(X, gamma, beta, 1e-3 / alpha**2), rtol=1e-12
    )


def test_group_norm_between_its_limits() -> None:
    """One group is layer norm, one channel in each is instance norm; a constant shift cancels only in the latter."""
    rng = np.random.default_rng(3)
    X, ones, zeros = rng.normal(size=(2, 6, 3, 4)), np.ones(6), np.zeros(6)
    group = FUNCTIONS["group_norm"]
    layer = (X - X.mean(axis=(1, 2, 3), keepdims=True)) / np.sqrt(X.var(axis=(1, 2, 3), keepdims=True) + 1e-5)
    instance = (X - X.mean(axis=(2, 3), keepdims=True)) / np.sqrt(X.var(axis=(2, 3), keepdims=True) + 1e-5)
    np.testing.assert_allclose(group(X, 1, ones, zeros), layer, rtol=1e-12)
    np.testing.assert_allclose(group(X, 6, ones, zeros), instance, rtol=1e-12)
    shift = rng.normal(size=6)[None, :, None, None]
    np.testing.assert_allclose(group(X + shift, 6, ones, zeros), instance, rtol=1e-9)
    assert not np.allclose(group(X + shift, 2, ones, zeros), group(X, 2, ones, zeros))


def test_gradients_against_torch() -> None:
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(4)
    x, w1, w2 = rng.normal(size=(8, 7, 2)), rng.normal(size=(2, 3, 2, 3)), rng.normal(size=(2, 2, 3, 2))
    tensors = [torch.tensor(value, requires_grad=True) for value in (x, w1, w2)]
    inner = torch.nn.functional.conv2d(tensors[0].permute(2, 0, 1)[None], tensors[1].permute(3, 2, 0, 1))
    outer = torch.nn.functional.conv2d(inner, tensors[2].permute(3, 2, 0, 1))
    pooled = torch.nn.functional.avg_pool2d(outer, 2)[0].permute(1, 2, 0)
    dz = rng.normal(size=tuple(pooled.shape))
    (pooled * torch.tensor(dz)).sum().backward()
    found = FUNCTIONS["grads"](x, w1, w2, dz)
    for name, tensor in zip(("x", "w1", "w2"), tensors, strict=True):
        np.testing.assert_allclose(found[name], tensor.grad.numpy(), rtol=1e-10)
