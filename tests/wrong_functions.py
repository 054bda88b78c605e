"""Wrong functions that students could well hand in for homework 1, each as its body, in the styles that they write.

Both lists were written from the questions alone, before the search for explanations was tried on them.  The first
one was then used to extend the search (63 % were explained before, 86 % after), the second one hardly (79 % at once).
"""

from __future__ import annotations

FIRST: dict[str, tuple[str, ...]] = {
    "conv_output_shape": (
        "w = (W - K) // S + 1\nh = (H - K) // S + 1\nreturn w, h, F",
        "return W - K + 2*P + 1, H - K + 2*P + 1, F",
        "return (H + 2*P - K)//S + 1, (W + 2*P - K)//S + 1, F",
        "return F, (H + 2*P - K)//S + 1, (W + 2*P - K)//S + 1",
        "return (W + 2*P - K)//S + 1, (H + 2*P - K)//S + 1, D",
        "return (W + 2*P - K)/S + 1, (H + 2*P - K)/S + 1, F",
        "return int(np.ceil((W + 2*P - K)/S)) + 1, int(np.ceil((H + 2*P - K)/S)) + 1, F",
        "return (W + 2*P - K + 1)//S, (H + 2*P - K + 1)//S, F",
        "out_w = 0\n"
        "for i in range(-P, W + P - K, S):\n"
        "    out_w += 1\n"
        "out_h = 0\n"
        "for i in range(-P, H + P - K, S):\n"
        "    out_h += 1\n"
        "return out_w, out_h, F",
        "return (W + 2*P - K)//S + 1, (H + 2*P - K)//S + 1",
        "return [(W + P - K)//S + 1, (H + P - K)//S + 1, F]",
        "return (W + 2*P - K)//S, (H + 2*P - K)//S, F",
        "return (W + 2*P - K)//S + 1, (H + 2*P - K)//S + 1, D*F",
    ),
    "conv_weights": (
        "return D*K*K*F + 1 if bias else D*K*K*F",
        "w = np.zeros((F, K, K))\nreturn w.size",
        "return F*D*K**2 + F",
        "n = 0\n"
        "for f in range(F):\n"
        "    for d in range(D):\n"
        "        n += K*K\n"
        "        if bias:\n"
        "            n += 1\n"
        "return n",
        "return F*K*K*D",
        "return F*(D*K**2 - 1) if bias else F*D*K**2",
        "total = F*D*K^2\nreturn total",
        "return F*D*K**2 + D if bias else F*D*K**2",
    ),
    "conv_connections": (
        "ow = (W - K)//S + 1\noh = (H - K)//S + 1\nreturn ow*oh*F*(D*K*K + bias)",
        "ow = (W + 2*P - K)//S + 1\noh = (H + 2*P - K)//S + 1\nreturn ow*oh*F*D*K*K + F*bias",
        "ow = (W + 2*P - K)//S + 1\noh = (H + 2*P - K)//S + 1\nreturn ow*oh*D*(F*K*K + bias)",
        "return W*H*F*(D*K*K + int(bias))",
        "ow = (W + 2*P - K)//S + 1\nreturn ow*ow*F*(D*K*K + int(bias))",
        "ow = W + 2*P - K + 1\noh = H + 2*P - K + 1\nreturn ow*oh*F*(D*K**2 + (1 if bias else 0))",
        "ow = (W + 2*P - K)//S + 1\noh = (H + 2*P - K)//S + 1\nreturn ow*oh*F*K*K*D",
    ),
    "dense_weights": (
        "return W*H*D*F + F",
        "return W*H*D*F + (1 if bias else 0)",
        "return (W*H + D)*F + (F if bias else 0)",
        "return W*H*D*F + W*H*D*bias",
        "x = np.zeros((W, H))\nreturn x.size*F + bias*F",
    ),
    "bn_dense": (
        "mu = X.mean()\nvar = X.var()\nreturn gamma*(X - mu)/np.sqrt(var + eps) + beta",
        "mu = X.mean(axis=1, keepdims=True)\n"
        "var = X.var(axis=1, keepdims=True)\n"
        "return gamma*(X-mu)/np.sqrt(var+eps)+beta",
        "m = X.shape[0]\n"
        "mu = X.sum(axis=0)/m\n"
        "var = ((X-mu)**2).sum(axis=0)/(m-1)\n"
        "return (X-mu)/np.sqrt(var+eps)*gamma+beta",
        "mu = np.mean(X, axis=0)\nsd = np.std(X, axis=0)\nreturn gamma*(X-mu)/(sd+eps)+beta",
        "mu = np.mean(X, axis=0)\nsd = np.std(X, axis=0)\nreturn gamma*(X-mu)/sd+beta",
        "mu = np.mean(X, axis=0)\nv = np.var(X, axis=0)\nreturn beta*(X-mu)/np.sqrt(v+eps)+gamma",
        "mu = np.mean(X, axis=0)\nv = np.mean(X**2, axis=0) - mu\nreturn gamma*(X-mu)/np.sqrt(np.abs(v)+eps)+beta",
        "mu = np.mean(X, axis=0)\nv = np.var(X, axis=0)\nreturn (X-mu)/np.sqrt(v+eps)",
        "mu = np.mean(X, axis=0)\nv = np.var(X, axis=0)\nreturn gamma*((X-mu)/np.sqrt(v+eps)+beta)",
        "mu = np.mean(X, axis=0)\nv = np.var(X, axis=0)\nreturn gamma*X-mu/np.sqrt(v+eps)+beta",
        "mu = np.median(X, axis=0)\nv = np.var(X, axis=0)\nreturn gamma*(X-mu)/np.sqrt(v+eps)+beta",
        "mu = np.mean(X, axis=0)\nv = np.mean(np.abs(X-mu), axis=0)\nreturn gamma*(X-mu)/(v+eps)+beta",
        "out = X.copy()\n"
        "for j in range(X.shape[1]-1):\n"
        "    c = X[:, j]\n"
        "    out[:, j] = gamma[j]*(c-c.mean())/np.sqrt(c.var()+eps)+beta[j]\n"
        "return out",
        "mu = np.mean(X, axis=0)\nv = np.var(X, axis=0)\nreturn gamma*(X-mu)/np.sqrt(v+eps)+beta, mu, v",
        "mu = np.mean(X, axis=0)\n"
        "v = np.var(X, axis=0)\n"
        "return (gamma*(X-mu)/np.sqrt(v+eps)+beta).astype(np.float32)",
        "mu = np.mean(X, axis=0)\nv = np.var(X, axis=0)\nreturn np.maximum(gamma*(X-mu)/np.sqrt(v+eps)+beta, 0)",
        "mu = np.mean(X, axis=0)\nv = np.var(X, axis=0)\nreturn gamma*(X+mu)/np.sqrt(v+eps)+beta",
    ),
    "bn_conv": (
        "mu = X.mean(axis=(0,2,3))\n"
        "v = X.var(axis=(0,2,3))\n"
        "return (X-mu[:,None,None])/np.sqrt(v[:,None,None]+eps)",
        "mu = X.mean(axis=0)\nv = X.var(axis=0)\nreturn gamma[:,None,None]*(X-mu)/np.sqrt(v+eps)+beta[:,None,None]",
        "mu = X.mean(axis=(2,3), keepdims=True)\n"
        "v = X.var(axis=(2,3), keepdims=True)\n"
        "return gamma.reshape(1,-1,1,1)*(X-mu)/np.sqrt(v+eps)+beta.reshape(1,-1,1,1)",
        "mu = X.mean(axis=(1,2,3), keepdims=True)\n"
        "v = X.var(axis=(1,2,3), keepdims=True)\n"
        "return gamma.reshape(1,-1,1,1)*(X-mu)/np.sqrt(v+eps)+beta.reshape(1,-1,1,1)",
        "mu = X.mean(axis=(0,1), keepdims=True)\n"
        "v = X.var(axis=(0,1), keepdims=True)\n"
        "return gamma.reshape(1,-1,1,1)*(X-mu)/np.sqrt(v+eps)+beta.reshape(1,-1,1,1)",
        "mu = X.mean(axis=(0,2,3))\nv = X.var(axis=(0,2,3))\nreturn gamma*(X-mu)/np.sqrt(v+eps)+beta",
        "N,C,H,W = X.shape\n"
        "out = np.zeros_like(X)\n"
        "for c in range(C):\n"
        "    s = X[:,c]\n"
        "    out[:,c] = gamma[c]*(s-s.mean())/(s.std()+eps)+beta[c]\n"
        "return out",
        "N,C,H,W = X.shape\n"
        "Y = X.reshape(N*H*W, C)\n"
        "mu = Y.mean(0)\n"
        "v = Y.var(0)\n"
        "Y = gamma*(Y-mu)/np.sqrt(v+eps)+beta\n"
        "return Y.reshape(N,C,H,W)",
        "N,C,H,W = X.shape\n"
        "Y = X.transpose(0,2,3,1).reshape(-1, C)\n"
        "Y = gamma*(Y-Y.mean(0))/np.sqrt(Y.var(0)+eps)+beta\n"
        "return Y.reshape(N,C,H,W)",
        "N,C,H,W = X.shape\n"
        "Y = X.transpose(0,2,3,1).reshape(-1, C)\n"
        "Y = gamma*(Y-Y.mean(0))/np.sqrt(Y.var(0)+eps)+beta\n"
        "return Y.reshape(N,H,W,C)",
        "N,C,H,W = X.shape\n"
        "mu = X.sum(axis=(0,2,3), keepdims=True)/(N*H*W)\n"
        "v = ((X-mu)**2).sum(axis=(0,2,3), keepdims=True)/(N*H*W-1)\n"
        "return gamma.reshape(1,C,1,1)*(X-mu)/np.sqrt(v+eps)+beta.reshape(1,C,1,1)",
        "mu = X.mean(axis=(0,2,3), keepdims=True)\n"
        "v = X.var(axis=(0,2,3), keepdims=True)\n"
        "return gamma[0]*(X-mu)/np.sqrt(v+eps)+beta[0]",
    ),
    "bn_of_affine": (
        "Z = U @ W.T + b\nZ = (Z - Z.mean(axis=0))/np.sqrt(Z.var(axis=0)+eps)\nreturn Z + b",
        "Z = U @ W.T\nreturn gamma*(Z - Z.mean(0))/np.sqrt(Z.var(0)+eps)+beta+b",
        "Z = U @ W.T + b\nreturn gamma*(Z - Z.mean(1, keepdims=True))/np.sqrt(Z.var(1, keepdims=True)+eps)+beta",
        "Z = U @ W + b\nreturn gamma*(Z - Z.mean(0))/np.sqrt(Z.var(0)+eps)+beta",
        "Z = W @ U.T + b[:,None]\n"
        "return gamma[:,None]*(Z - Z.mean(1, keepdims=True))/np.sqrt(Z.var(1, keepdims=True)+eps)+beta[:,None]",
        "Z = U @ W.T + b\nreturn gamma*Z/np.sqrt(Z.var(0)+eps)+beta",
        "Z = np.maximum(U @ W.T + b, 0)\nreturn gamma*(Z - Z.mean(0))/np.sqrt(Z.var(0)+eps)+beta",
        "mu = U.mean(0)\nv = U.var(0)\nU = (U-mu)/np.sqrt(v+eps)\nreturn gamma*(U @ W.T + b)+beta",
    ),
    "bn_scale_invariance": (
        "def bn(x):\n    return (x - x.mean(0))/np.sqrt(x.var(0)+eps)\nreturn np.mean(np.abs(bn(alpha*X)-bn(X)))",
        "def bn(x):\n    return (x - x.mean(0))/np.sqrt(x.var(0)+eps)\nreturn np.max(bn(alpha*X)-bn(X))",
        "def bn(x):\n    return (x - x.mean(0))/np.sqrt(x.var(0)+eps)\nreturn np.abs(bn(alpha*X)-bn(X))",
        "def bn(x):\n    return (x - x.mean(0))/np.sqrt(x.var(0)+eps)\nreturn np.sum(np.abs(bn(alpha*X)-bn(X)))",
        "def bn(x):\n    return (x - x.mean(0))/np.sqrt(x.var(0)+eps)\nreturn np.max((bn(alpha*X)-bn(X))**2)",
        "def bn(x):\n    return (x - x.mean(0))/np.sqrt(x.var(0)+eps)\nreturn np.linalg.norm(bn(alpha*X)-bn(X))",
        "def bn(x):\n"
        "    return (x - x.mean(1, keepdims=True))/np.sqrt(x.var(1, keepdims=True)+eps)\n"
        "return np.max(np.abs(bn(alpha*X)-bn(X)))",
        "def bn(x):\n    return (x - x.mean(0))/np.sqrt(x.var(0)+eps)\nreturn np.max(np.abs(alpha*bn(X)-bn(X)))",
        "return 0.0",
        "def bn(x):\n    return (x - x.mean(0))/(x.std(0)+eps)\nreturn np.abs(bn(alpha*X)-bn(X)).max()",
        "def bn(x):\n    return (x - x.mean(0))/np.sqrt(x.var(0)+eps)\nreturn np.allclose(bn(alpha*X), bn(X))",
    ),
    "group_norm": (
        "N,C,H,W = X.shape\n"
        "Y = X.reshape(N, C//G, G, H, W)\n"
        "mu = Y.mean((2,3,4), keepdims=True)\n"
        "v = Y.var((2,3,4), keepdims=True)\n"
        "Y = ((Y-mu)/np.sqrt(v+eps)).reshape(X.shape)\n"
        "return Y*gamma.reshape(1,C,1,1)+beta.reshape(1,C,1,1)",
        "N,C,H,W = X.shape\n"
        "Y = X.reshape(N, G, C//G, H, W)\n"
        "mu = Y.mean((1,3,4), keepdims=True)\n"
        "v = Y.var((1,3,4), keepdims=True)\n"
        "Y = ((Y-mu)/np.sqrt(v+eps)).reshape(X.shape)\n"
        "return Y*gamma.reshape(1,C,1,1)+beta.reshape(1,C,1,1)",
        "N,C,H,W = X.shape\n"
        "Y = X.reshape(N, G, C//G, H, W)\n"
        "mu = Y.mean((0,2,3,4), keepdims=True)\n"
        "v = Y.var((0,2,3,4), keepdims=True)\n"
        "Y = ((Y-mu)/np.sqrt(v+eps)).reshape(X.shape)\n"
        "return Y*gamma.reshape(1,C,1,1)+beta.reshape(1,C,1,1)",
        "N,C,H,W = X.shape\n"
        "Y = X.reshape(N, G, C//G, H, W)\n"
        "mu = Y.mean((2,3,4), keepdims=True)\n"
        "v = Y.var((2,3,4), keepdims=True)\n"
        "return ((Y-mu)/np.sqrt(v+eps)).reshape(X.shape)",
        "N,C,H,W = X.shape\n"
        "Y = X.reshape(N, G, C//G, H, W)\n"
        "mu = Y.mean((2,3,4), keepdims=True)\n"
        "v = Y.var((2,3,4), keepdims=True)\n"
        "Y = (Y-mu)/np.sqrt(v+eps)\n"
        "return Y*gamma.reshape(1,G,-1,1,1)+beta.reshape(1,G,-1,1,1)",
        "N,C,H,W = X.shape\n"
        "out = np.empty_like(X)\n"
        "for g in range(G):\n"
        "    s = slice(g, C, G)\n"
        "    Y = X[:, s]\n"
        "    out[:, s] = (Y-Y.mean((1,2,3), keepdims=True))/np.sqrt(Y.var((1,2,3), keepdims=True)+eps)\n"
        "return out*gamma[None,:,None,None]+beta[None,:,None,None]",
        "N,C,H,W = X.shape\n"
        "out = np.empty_like(X)\n"
        "for n in range(N):\n"
        "    for g in range(0, C, G):\n"
        "        Y = X[n, g:g+G]\n"
        "        out[n, g:g+G] = (Y-Y.mean())/np.sqrt(Y.var()+eps)\n"
        "return out*gamma[None,:,None,None]+beta[None,:,None,None]",
        "mu = X.mean((1,2,3), keepdims=True)\n"
        "v = X.var((1,2,3), keepdims=True)\n"
        "return (X-mu)/np.sqrt(v+eps)*gamma[:,None,None]+beta[:,None,None]",
        "N,C,H,W = X.shape\n"
        "Y = X.reshape(N, G, -1)\n"
        "Y = (Y-Y.mean(-1, keepdims=True))/(Y.std(-1, keepdims=True)+eps)\n"
        "return Y.reshape(X.shape)*gamma[:,None,None]+beta[:,None,None]",
        "N,C,H,W = X.shape\n"
        "Y = X.reshape(N, G, -1)\n"
        "Y = (Y-Y.mean(-1, keepdims=True))/np.sqrt(Y.var(-1, keepdims=True, ddof=1)+eps)\n"
        "return Y.reshape(X.shape)*gamma[:,None,None]+beta[:,None,None]",
    ),
    "pixels_after": (
        "return N // 2**L",
        "return (N // (2*L))**2",
        "for i in range(1, L):\n    N = N // 2\nreturn N*N",
        "for i in range(L):\n    N = N / 2\nreturn N",
        "return N*N // 2**L",
        "return (N >> L) * 2",
        "if L == 0:\n    return N\nreturn pixels(N//2, L-1)",
        "for i in range(L+1):\n    N //= 2\nreturn N*N",
        "return N**2 // 4*L",
        "return (N - 2*L)**2",
    ),
    "conv_params": (
        "return K*K*Cin*Cout",
        "return K*K*Cin*Cout + Cin*bias",
        "return K*K*Cin*Cout + 1*bias",
        "return (K*K + 1)*Cin*Cout if bias else K*K*Cin*Cout",
        "return K*K*Cin + Cout",
        "return K*K*Cin*Cout + Cout if not bias else K*K*Cin*Cout",
        "return 3*3*Cin*Cout + Cout*bias",
    ),
    "grad_w": (
        "return np.convolve(x, dz, mode='valid')",
        "return np.correlate(x, dz, 'valid')[::-1]",
        "return np.correlate(dz, x, 'valid')",
        "dw = np.zeros(k)\nfor j in range(k):\n    dw[j] = np.mean(dz*x[j:j+len(dz)])\nreturn dw",
        "dw = np.zeros(k)\n"
        "for j in range(k):\n"
        "    for i in range(len(dz)-1):\n"
        "        dw[j] += dz[i]*x[i+j]\n"
        "return dw",
        "dw = np.zeros(k)\n"
        "for j in range(k):\n"
        "    for i in range(len(dz)):\n"
        "        dw[j] = dz[i]*x[i+j]\n"
        "return dw",
        "dw = np.zeros(k)\n"
        "for j in range(k-1):\n"
        "    for i in range(len(dz)):\n"
        "        dw[j] += dz[i]*x[i+j]\n"
        "return dw",
        "dw = np.zeros(k, dtype=int)\n"
        "for j in range(k):\n"
        "    for i in range(len(dz)):\n"
        "        dw[j] += int(dz[i]*x[i+j])\n"
        "return dw",
        "dw = []\nfor j in range(k):\n    dw.append(dz*x[j:j+len(dz)])\nreturn np.array(dw)",
        "dw = 0\nfor j in range(k):\n    dw += np.sum(dz*x[j:j+len(dz)])\nreturn dw",
        "dw = np.zeros(k)\n"
        "for j in range(k):\n"
        "    for i in range(len(x)):\n"
        "        dw[j] += dz[i]*x[i+j]\n"
        "return dw",
        "return np.array([np.sum(dz*x[:len(dz)]) for j in range(k)])",
        "return np.array([np.sum(dz*x[k-1-j:k-1-j+len(dz)]) for j in range(k)])",
        "v = np.lib.stride_tricks.sliding_window_view(x, k)\nreturn dz @ v / len(dz)",
        "v = np.lib.stride_tricks.sliding_window_view(x, len(dz))\nreturn (v * dz).sum(axis=0)",
        "return np.convolve(dz, x[::-1], 'full')[:k]",
        "v = np.lib.stride_tricks.sliding_window_view(x, k)\nreturn v.sum(0)",
        "return np.correlate(x, dz, 'same')[:k]",
        "return np.array([np.sum(dz*x[j:j+len(dz)]) for j in range(3)])",
    ),
    "grad_P2": (
        "return np.repeat(np.repeat(dz, 2, axis=0), 2, axis=1)",
        "return np.tile(dz, (2,2,1))/4",
        "return np.repeat(np.repeat(dz, 2, 0), 2, 1)/2",
        "h,w,K = dz.shape\nout = np.zeros((2*h,2*w,K))\nout[::2,::2] = dz/4\nreturn out",
        "h,w,K = dz.shape\n"
        "out = np.zeros((2*h,2*w,K))\n"
        "for i in range(h):\n"
        "    for j in range(w):\n"
        "        out[i:i+2,j:j+2] += dz[i,j]/4\n"
        "return out",
        "h,w,K = dz.shape\n"
        "out = np.zeros((2*h,2*w,K))\n"
        "for i in range(h):\n"
        "    for j in range(w):\n"
        "        for k in range(K-1):\n"
        "            out[2*i:2*i+2,2*j:2*j+2,k] = dz[i,j,k]/4\n"
        "return out",
        "return dz/4",
        "return np.kron(dz, np.ones((2,2,1)))",
        "return np.repeat(np.repeat(dz, 2, axis=0), 2, axis=0)/4",
        "h,w,K = dz.shape\nreturn np.ones((2*h,2*w,K))*dz.sum(axis=(0,1))/4",
        "return np.repeat(np.repeat(dz, 2, axis=1), 2, axis=2)/4",
        "h,w,K = dz.shape\n"
        "out = np.zeros((2*h,2*w,K))\n"
        "for i in range(h):\n"
        "    for j in range(w):\n"
        "        out[2*i:2*i+1,2*j:2*j+1] = dz[i,j]/4\n"
        "return out",
        "h,w,K = dz.shape\n"
        "out = np.zeros((h,w,K))\n"
        "for p in range(h):\n"
        "    for q in range(w):\n"
        "        out[p,q] = dz[p//2,q//2]/4\n"
        "return out",
        "h,w,K = dz.shape\n"
        "out = np.zeros((2*h,2*w))\n"
        "for p in range(2*h):\n"
        "    for q in range(2*w):\n"
        "        out[p,q] = dz[p//2,q//2].sum()/4\n"
        "return out",
        "return np.kron(dz.transpose(1,0,2), np.ones((2,2,1)))/4",
        "h,w,K = dz.shape\nout = np.zeros((2*h,2*w,K))\nout[:-1:2,:-1:2] = out[1::2,1::2] = dz/4\nreturn out",
    ),
    "grad_P1": (
        "d = np.repeat(np.repeat(dz,2,0),2,1)/4\n"
        "M,N,L,K = w2.shape\n"
        "A,B,_ = d.shape\n"
        "out = np.zeros((A+M-1,B+N-1,L))\n"
        "for m in range(M):\n"
        "    for n in range(N):\n"
        "        out[m:m+A,n:n+B] += d @ w2[M-1-m,N-1-n].T\n"
        "return out",
        "d = np.repeat(np.repeat(dz,2,0),2,1)\n"
        "M,N,L,K = w2.shape\n"
        "A,B,_ = d.shape\n"
        "out = np.zeros((A+M-1,B+N-1,L))\n"
        "for m in range(M):\n"
        "    for n in range(N):\n"
        "        out[m:m+A,n:n+B] += d @ w2[m,n].T\n"
        "return out",
        "d = np.repeat(np.repeat(dz,2,0),2,1)/4\n"
        "M,N,L,K = w2.shape\n"
        "A,B,_ = d.shape\n"
        "out = np.zeros((A+M-1,B+N-1,L))\n"
        "for m in range(M):\n"
        "    for n in range(N):\n"
        "        out[m:m+A,n:n+B] = d @ w2[m,n].T\n"
        "return out",
        "d = np.repeat(np.repeat(dz,2,0),2,1)/4\n"
        "M,N,L,K = w2.shape\n"
        "A,B,_ = d.shape\n"
        "out = np.zeros((A-M+1,B-N+1,L))\n"
        "for a in range(A-M+1):\n"
        "    for b in range(B-N+1):\n"
        "        out[a,b] = np.einsum('mnk,mnlk->l', d[a:a+M,b:b+N], w2)\n"
        "return out",
        "d = np.repeat(np.repeat(dz,2,0),2,1)/4\n"
        "M,N,L,K = w2.shape\n"
        "A,B,_ = d.shape\n"
        "out = np.zeros((A+M-1,B+N-1,L))\n"
        "for a in range(A):\n"
        "    for b in range(B):\n"
        "        out[a:a+M,b:b+N] += w2[:,:,:,0]*d[a,b,0]\n"
        "return out",
        "d = np.tile(dz,(2,2,1))/4\n"
        "M,N,L,K = w2.shape\n"
        "A,B,_ = d.shape\n"
        "out = np.zeros((A+M-1,B+N-1,L))\n"
        "for a in range(A):\n"
        "    for b in range(B):\n"
        "        out[a:a+M,b:b+N] += w2 @ d[a,b]\n"
        "return out",
        "d = np.repeat(np.repeat(dz,2,0),2,1)/4\n"
        "M,N,L,K = w2.shape\n"
        "A,B,_ = d.shape\n"
        "out = np.zeros((A+M-1,B+N-1,L))\n"
        "for a in range(A):\n"
        "    for b in range(B):\n"
        "        out[a:a+M,b:b+N] += w2.sum(axis=3)*d[a,b].sum()\n"
        "return out",
        "d = np.repeat(np.repeat(dz,2,0),2,1)/4\n"
        "M,N,L,K = w2.shape\n"
        "p = np.pad(d,((M-1,M-1),(N-1,N-1),(0,0)))\n"
        "A,B = p.shape[0]-M+1, p.shape[1]-N+1\n"
        "out = np.zeros((A,B,L))\n"
        "for a in range(A):\n"
        "    for b in range(B):\n"
        "        out[a,b] = np.tensordot(p[a:a+M,b:b+N], w2[::-1], ([0,1,2],[0,1,3]))\n"
        "return out",
        "d = np.repeat(np.repeat(dz,2,0),2,1)/4\n"
        "M,N,L,K = w2.shape\n"
        "p = np.pad(d,((0,2*(M-1)),(0,2*(N-1)),(0,0)))\n"
        "A,B = p.shape[0]-M+1, p.shape[1]-N+1\n"
        "out = np.zeros((A,B,L))\n"
        "for a in range(A):\n"
        "    for b in range(B):\n"
        "        out[a,b] = np.tensordot(p[a:a+M,b:b+N], w2[::-1,::-1], ([0,1,2],[0,1,3]))\n"
        "return out",
        "d = np.repeat(np.repeat(dz,2,0),2,1)/4\n"
        "M,N,L,K = w2.shape\n"
        "p = np.pad(d,((M//2,M//2),(N//2,N//2),(0,0)))\n"
        "A,B = p.shape[0]-M+1, p.shape[1]-N+1\n"
        "out = np.zeros((A,B,L))\n"
        "for a in range(A):\n"
        "    for b in range(B):\n"
        "        out[a,b] = np.tensordot(p[a:a+M,b:b+N], w2[::-1,::-1], ([0,1,2],[0,1,3]))\n"
        "return out",
        "d = np.zeros((2*dz.shape[0],2*dz.shape[1],dz.shape[2]))\n"
        "d[::2,::2] = dz\n"
        "M,N,L,K = w2.shape\n"
        "A,B,_ = d.shape\n"
        "out = np.zeros((A+M-1,B+N-1,L))\n"
        "for a in range(A):\n"
        "    for b in range(B):\n"
        "        out[a:a+M,b:b+N] += w2 @ d[a,b]\n"
        "return out",
        "h,w,K = dz.shape\n"
        "M,N,L,_ = w2.shape\n"
        "out = np.zeros((h+M-1,w+N-1,L))\n"
        "for i in range(h):\n"
        "    for j in range(w):\n"
        "        out[i:i+M,j:j+N] += w2 @ dz[i,j]/4\n"
        "return out",
    ),
    "grad_w2": (
        "M,N = kshape\n"
        "d = np.repeat(np.repeat(dz,2,0),2,1)\n"
        "A,B,K = d.shape\n"
        "out = np.zeros((M,N,P1.shape[2],K))\n"
        "for m in range(M):\n"
        "    for n in range(N):\n"
        "        out[m,n] = np.tensordot(P1[m:m+A,n:n+B], d, ([0,1],[0,1]))\n"
        "return out",
        "M,N = kshape\n"
        "d = np.repeat(np.repeat(dz,2,0),2,1)/4\n"
        "A,B,K = d.shape\n"
        "out = np.zeros((M,N,K,P1.shape[2]))\n"
        "for m in range(M):\n"
        "    for n in range(N):\n"
        "        out[m,n] = np.einsum('abl,abk->kl', P1[m:m+A,n:n+B], d)\n"
        "return out",
        "M,N = kshape\n"
        "d = np.repeat(np.repeat(dz,2,0),2,1)/4\n"
        "A,B,K = d.shape\n"
        "out = np.zeros((M,N,P1.shape[2],K))\n"
        "for m in range(M):\n"
        "    for n in range(N):\n"
        "        out[M-1-m,N-1-n] = np.einsum('abl,abk->lk', P1[m:m+A,n:n+B], d)\n"
        "return out",
        "M,N = kshape\n"
        "d = np.repeat(np.repeat(dz,2,0),2,1)/4\n"
        "A,B,K = d.shape\n"
        "out = np.zeros((M,N,P1.shape[2],K))\n"
        "for m in range(M):\n"
        "    for n in range(N):\n"
        "        out[m,n] = np.einsum('abl,abk->lk', P1[m:m+A,n:n+B], d)/(A*B)\n"
        "return out",
        "M,N = kshape\n"
        "h,w,K = dz.shape\n"
        "out = np.zeros((M,N,P1.shape[2],K))\n"
        "for m in range(M):\n"
        "    for n in range(N):\n"
        "        for i in range(h):\n"
        "            for j in range(w):\n"
        "                out[m,n] += np.outer(P1[2*i+m,2*j+n], dz[i,j])/4\n"
        "return out",
        "M,N = kshape\n"
        "h,w,K = dz.shape\n"
        "out = np.zeros((M,N,P1.shape[2],K))\n"
        "for m in range(M):\n"
        "    for n in range(N):\n"
        "        for i in range(h):\n"
        "            for j in range(w):\n"
        "                out[m,n] += np.outer(P1[i+m,j+n], dz[i,j])/4\n"
        "return out",
        "M,N = kshape\n"
        "d = np.repeat(np.repeat(dz,2,0),2,1)/4\n"
        "A,B,K = d.shape\n"
        "out = np.zeros((M,N,P1.shape[2],K))\n"
        "for m in range(M):\n"
        "    for n in range(N):\n"
        "        out[m,n] = np.einsum('abl,abk->lk', P1[n:n+A,m:m+B], d)\n"
        "return out",
        "M,N = 3,3\n"
        "d = np.repeat(np.repeat(dz,2,0),2,1)/4\n"
        "A,B,K = d.shape\n"
        "out = np.zeros((M,N,P1.shape[2],K))\n"
        "for m in range(M):\n"
        "    for n in range(N):\n"
        "        out[m,n] = np.einsum('abl,abk->lk', P1[m:m+A,n:n+B], d)\n"
        "return out",
        "M,N = kshape\n"
        "d = np.repeat(np.repeat(dz,2,0),2,1)/4\n"
        "A,B,K = d.shape\n"
        "out = np.zeros((M,N,P1.shape[2],K))\n"
        "for m in range(M):\n"
        "    for n in range(N):\n"
        "        out[m,n] = P1[m:m+A,n:n+B].sum((0,1))[:,None]*d.sum((0,1))[None,:]\n"
        "return out",
        "M,N = kshape\n"
        "d = np.tile(dz,(2,2,1))/4\n"
        "A,B,K = d.shape\n"
        "v = np.lib.stride_tricks.sliding_window_view(P1,(A,B),axis=(0,1))\n"
        "return np.einsum('mnlab,abk->mnlk', v, d)",
    ),
    "grads": (
        "r = ref(x, w1, w2, dz)\nr['w1'] = r['w1'][::-1, ::-1]\nreturn r",
        "r = ref(x, w1, w2, dz)\nreturn {k: 4*v for k, v in r.items()}",
        "r = ref(x, w1, w2, dz)\nreturn r['P2'], r['P1'], r['w1'], r['w2'], r['x']",
        "r = ref(x, w1, w2, dz)\nr['x'] = np.zeros_like(x)\nreturn r",
        "r = ref(x, w1, w2, dz)\ndel r['x']\nreturn r",
        "r = ref(x, w1, w2, dz)\nr['w1'], r['w2'] = r['w2'], r['w1']\nreturn r",
        "r = ref(x, w1[::-1, ::-1], w2, dz)\nreturn r",
        "r = ref(x, w1, w2[::-1, ::-1], dz)\nreturn r",
        "r = ref(x, w1, w2, dz)\nreturn {'d' + k: v for k, v in r.items()}",
        "r = ref(x, w1, w2, dz)\nr['w1'] = r['w1'].transpose(0,1,3,2)\nreturn r",
        "r = ref(x, w1, w2, dz)\nr['P2'] = 4*r['P2']\nreturn r",
    ),
    "dense_block_channels": (
        "c = k0\nfor i in range(1, L):\n    c += k\nreturn c",
        "return k0 + k",
        "return k0*k**L",
        "return k0 + (L+1)*k",
        "c = k0\nfor i in range(L):\n    c = c + c*k\nreturn c",
        "return (k0 + k)*L",
        "c = k0\nfor i in range(L):\n    c += k0 + i*k\nreturn c",
        "return 32 + L*k",
        "return L*k",
        "c = k0\nfor i in range(L):\n    c = k\nreturn c",
    ),
    "conv_macs": (
        "return H_out*W_out*Cin*K*K",
        "return 2*H_out*W_out*Cin*Cout*K*K",
        "return H_out*W_out*Cin*Cout*K",
        "return H_out*W_out*(Cin + Cout)*K*K",
        "return (H_out-K+1)*(W_out-K+1)*Cin*Cout*K*K",
        "return H_out*H_out*Cin*Cout*K*K",
        "n = 0\nfor i in range(H_out):\n    for j in range(W_out):\n        n += Cin*K*K + Cout\nreturn n",
        "return np.int32(H_out*W_out*Cin*Cout*K*K) % 2**16",
    ),
    "bottleneck_macs": (
        "return H*W*R*Cin + H*W*Cout*K*K*Cin",
        "return H*W*R*Cin * H*W*Cout*K*K*R",
        "return H*W*R*Cin + Cout*K*K*R",
        "return H*W*Cin*R + H*W*R*Cout*K",
        "return R*Cin + H*W*Cout*K*K*R",
        "return H*W*Cout*K*K*R",
        "return H*W*R*Cin*K*K + H*W*Cout*K*K*R",
        "return H*W*(R*Cin + Cout*K*K)",
        "return H*W*R*Cin + (H-K+1)*(W-K+1)*Cout*K*K*R",
    ),
    "reduction": (
        "return b/a",
        "return (a-b)/b",
        "return 100*(a-b)/a",
        "return (b-a)/a",
        "return a - b",
        "return 1 - a/b",
        "return round(1 - b/a, 2)",
        "return (a - b)//a",
        "return a/b",
        "return '%.1f%%' % (100*(1-b/a))",
        "return 1 - (b/a)**2",
    ),
    "inception_macs": (
        "r = ref(H, W, Cin, c1, r3, c3, r5, c5, pp)\n"
        "r['total'] = r['branch1'] + r['branch2'] + r['branch3']\n"
        "return r",
        "d = {'branch1': H*W*Cin*c1, 'branch2': H*W*(Cin*r3 + r3*c3*9), 'branch3': H*W*(Cin*r5 + r5*c5*5), 'branch4': H*W*Cin*pp}\n"
        "d['total'] = sum(d.values())\n"
        "return d",
        "d = {'branch1': H*W*Cin*c1, 'branch2': H*W*(Cin*c3*9), 'branch3': H*W*(Cin*c5*25), 'branch4': H*W*Cin*pp}\n"
        "d['total'] = sum(d.values())\n"
        "return d",
        "d = {'branch1': H*W*Cin*c1, 'branch2': H*W*(Cin*r3 + r3*c3*9), 'branch3': H*W*(Cin*r5 + r5*c5*25), 'branch4': H*W*Cin*pp}\n"
        "d['total'] = 2*sum(d.values())\n"
        "return d",
        "d = {'branch1': H*W*Cin*c1, 'branch2': H*W*(Cin*r3 + r3*c3*9), 'branch3': H*W*(Cin*r5 + r5*c5*25), 'branch4': H*W*Cin*pp}\n"
        "return d",
        "d = {'branch1': Cin*c1, 'branch2': Cin*r3 + r3*c3*9, 'branch3': Cin*r5 + r5*c5*25, 'branch4': Cin*pp}\n"
        "d['total'] = sum(d.values())\n"
        "return d",
        "d = {'branch1': H*W*Cin*c1, 'branch2': H*W*(Cin*r3 + r3*c3*9), 'branch3': H*W*(Cin*r5 + r5*c5*25), 'branch4': 0}\n"
        "d['total'] = sum(d.values())\n"
        "return d",
        "d = {'branch1': H*W*Cin*c1, 'branch2': H*W*(Cin*r3 + r3*c3*9), 'branch3': H*W*(Cin*r5 + r5*c5*9), 'branch4': H*W*Cin*pp}\n"
        "d['total'] = sum(d.values())\n"
        "return d",
        "d = {'branch1': H*W*Cin*c1, 'branch2': H*W*(Cin*r3 + c3*9), 'branch3': H*W*(Cin*r5 + c5*25), 'branch4': H*W*Cin*pp}\n"
        "d['total'] = sum(d.values())\n"
        "return d",
    ),
    "effective_kernel": (
        "return F*D",
        "return F + (F-1)*D",
        "return (F-1)*D",
        "return F*D + 1",
        "return len(range(0, F*D, 1)) - 1",
        "n = F\nfor i in range(F):\n    n += D - 1\nreturn n",
        "return F + D - 1",
        "return F + (F+1)*(D-1)",
        "return F*(F-1)*D + 1",
    ),
    "dilated_output": (
        "e = F*D\nreturn M - e + 1, N - e + 1",
        "e = (F-1)*D + 1\nreturn M - e, N - e",
        "e = (F-1)*D + 1\nreturn N - e + 1, M - e + 1",
        "e = (F-1)*D + 1\nreturn M - e + 1",
        "e = (F-1)*D + 1\nreturn (M - e)//D + 1, (N - e)//D + 1",
        "e = F + (F-1)*D\nreturn M - e + 1, N - e + 1",
        "e = (F-1)*D + 1\nreturn (M - e + 1)*(N - e + 1)",
        "e = (F-1)*D + 1\nreturn M + e - 1, N + e - 1",
        "e = (F-1)*D + 1\nreturn M - e + 1, M - e + 1",
    ),
    "dilated_kernel": (
        "F = K.shape[0]\nout = np.zeros((F*D, F*D))\nout[::D, ::D] = K\nreturn out",
        "return np.kron(K, np.ones((D, D)))",
        "F = K.shape[0]\n"
        "n = (F-1)*D + 1\n"
        "out = np.zeros((n, n))\n"
        "for i in range(F):\n"
        "    for j in range(F):\n"
        "        out[i*D, j] = K[i, j]\n"
        "return out",
        "F = K.shape[0]\n"
        "n = (F-1)*D + 1\n"
        "out = np.zeros((n, n))\n"
        "for i in range(F):\n"
        "    out[i*D, i*D] = K[i, i]\n"
        "return out",
        "F = K.shape[0]\nn = (F-1)*D + 1\nout = np.zeros((n, n))\nout[::D, ::D] = K.T\nreturn out",
        "F = K.shape[0]\nn = (F-1)*(D+1) + 1\nout = np.zeros((n, n))\nout[::D+1, ::D+1] = K\nreturn out",
        "F = K.shape[0]\nn = (F-1)*D + 1\nout = np.zeros((n, n), dtype=int)\nout[::D, ::D] = K\nreturn out",
        "A = np.zeros((D, D))\nA[0, 0] = 1\nk = np.kron(K, A)\nreturn k[:-D+1, :-D+1]",
        "A = np.zeros((D, D))\nA[0, 0] = 1\nk = np.kron(K, A)\nreturn k[D-1:, D-1:]",
        "A = np.zeros((D, D))\nA[0, 0] = 1\nk = np.kron(K, A)\nreturn k[:k.shape[0]-D+1]",
        "A = np.zeros((D, D))\nA[-1, -1] = 1\nk = np.kron(K, A)\nreturn k[D-1:, D-1:][::-1, ::-1]",
        "F = K.shape[0]\nn = (F-1)*D + 1\nout = np.ones((n, n))\nout[::D, ::D] = K\nreturn out",
        "K = np.insert(K, range(1, K.shape[0]), 0, axis=0)\nreturn np.insert(K, range(1, K.shape[1]), 0, axis=1)",
    ),
    "receptive_field": (
        "r = 1\nfor k, d in zip(kernels, dilations):\n    r += (k-1)*d\nreturn r",
        "strides = strides or [1]*len(kernels)\n"
        "r, j = 1, 1\n"
        "for k, d, s in zip(kernels, dilations, strides):\n"
        "    j *= s\n"
        "    r += (k-1)*d*j\n"
        "return r",
        "strides = strides or [1]*len(kernels)\n"
        "r, j = 1, 1\n"
        "for k, d, s in zip(kernels, dilations, strides):\n"
        "    r += (k-1)*j\n"
        "    j *= s\n"
        "return r",
        "strides = strides or [1]*len(kernels)\n"
        "r, j = 0, 1\n"
        "for k, d, s in zip(kernels, dilations, strides):\n"
        "    r += (k-1)*d*j\n"
        "    j *= s\n"
        "return r",
        "strides = strides or [1]*len(kernels)\n"
        "r, j = 1, 1\n"
        "for k, d, s in zip(kernels, dilations, strides):\n"
        "    r += ((k-1)*d+1)*j\n"
        "    j *= s\n"
        "return r",
        "strides = strides or [1]*len(kernels)\n"
        "r, j = 1, 1\n"
        "for k, d, s in zip(kernels, dilations, strides):\n"
        "    r += k*d*j\n"
        "    j *= s\n"
        "return r",
        "strides = strides or [1]*len(kernels)\n"
        "r, j = 1, 1\n"
        "for k, d, s in zip(kernels, dilations, strides):\n"
        "    r += (k-1)*d*j\n"
        "    j += s\n"
        "return r",
        "strides = strides or [1]*len(kernels)\n"
        "r, j = 1, 1\n"
        "for k, d, s in list(zip(kernels, dilations, strides))[::-1]:\n"
        "    r += (k-1)*d*j\n"
        "    j *= s\n"
        "return r",
        "strides = strides or [1]*len(kernels)\n"
        "r, j = 1, 1\n"
        "for k, d, s in zip(kernels[1:], dilations[1:], strides[1:]):\n"
        "    r += (k-1)*d*j\n"
        "    j *= s\n"
        "return r",
        "strides = strides or [1]*len(kernels)\n"
        "r, j = 1, 1\n"
        "for k, d, s in zip(kernels, dilations, strides):\n"
        "    r += (k-1)*d*s\n"
        "return r",
        "strides = strides or [1]*len(kernels)\n"
        "r = 1\n"
        "for k, d, s in zip(kernels, dilations, strides):\n"
        "    r *= (k-1)*d+1\n"
        "return r",
        "strides = [1]*len(kernels)\n"
        "r, j = 1, 1\n"
        "for k, d, s in zip(kernels, dilations, strides):\n"
        "    r += (k-1)*d*j\n"
        "    j *= s\n"
        "    return r",
        "return max((k-1)*d + 1 for k, d in zip(kernels, dilations))",
    ),
    "bound": (
        "return sigma**L",
        "return sigma**(L-i+1)",
        "return sigma**(L-i-1)",
        "return sigma*(L-i)",
        "b = 1\nfor k in range(i, L+1):\n    b *= sigma\nreturn b",
        "b = 1\nfor k in range(i+1, L):\n    b *= sigma\nreturn b",
        "return sum(sigma for k in range(i+1, L+1))",
        "return sigma**i",
        "return np.exp(-sigma*(L-i))",
        "return 1 - sigma**(L-i)",
        "return sigma**(L+i)",
    ),
    "he_std": (
        "return 2/(C*K*K)",
        "return np.sqrt(1/(C*K*K))",
        "return np.sqrt(2/(C*K))",
        "return np.sqrt(2)/(C*K*K)",
        "return np.sqrt(6/(C*K*K))",
        "return np.sqrt(2/(C+K*K))",
        "return np.sqrt(2/C*K*K)",
        "return np.sqrt(2//(C*K*K))",
        "return np.sqrt(2*C*K*K)",
        "return 2/np.sqrt(C*K*K)",
        "return np.sqrt(2/(K*K))",
    ),
    "dsigmoid": (
        "return 1/(1+np.exp(-x))",
        "s = 1/(1+np.exp(-x))\nreturn s*(1+s)",
        "s = 1/(1+np.exp(x))\nreturn s*s",
        "return x*(1-x)",
        "s = 1/(1+np.exp(-x))\nreturn s - s**3",
        "s = 1/(1+np.exp(-x))\nreturn s**2*(1-s)",
        "return np.exp(-x)/(1+np.exp(-x))",
        "return np.exp(x)/(1+np.exp(-x))**2",
        "s = np.tanh(x)\nreturn 1-s**2",
        "s = 1/(1+np.exp(-x))\nreturn np.sum(s*(1-s))",
        "s = 1/(1+np.exp(-x))\nreturn s-1",
        "return -np.exp(-x)/(1+np.exp(-x))**2",
        "x = x.ravel()\ns = 1/(1+np.exp(-x))\nreturn s*(1-s)",
        "s = 1/(1-np.exp(-x))\nreturn s*(1-s)",
        "return np.exp(-x)/(1+np.exp(-2*x))",
    ),
    "prelu": (
        "return np.where(x > 0, x, alpha*x), np.where(x > 0, 1, alpha), np.where(x > 0, x, 0)",
        "return np.where(x > 0, x, alpha*x), np.where(x > 0, 1, alpha*x), np.where(x > 0, 0, x)",
        "return np.where(x > 0, x, alpha*x), np.where(x > 0, 1, alpha), np.where(x > 0, 0, alpha)",
        "return np.where(x > 0, x, alpha*x), np.where(x > 0, 1, alpha), np.where(x > 0, 0, x).sum()",
        "return np.where(x > 0, x, alpha*x), np.where(x > 0, 1, alpha), x",
        "return np.where(x < 0, x, alpha*x), np.where(x < 0, 1, alpha), np.where(x < 0, 0, x)",
        "return np.maximum(x, alpha*x), np.where(x > 0, 1, alpha), np.where(x > 0, 0, x)",
        "return np.where(x > 0, x, alpha*x), np.where(x > 0, 0, x), np.where(x > 0, 1, alpha)",
        "return np.where(x > 0, x, alpha*x), np.where(x > 0, 1, alpha)",
        "x[x <= 0] *= alpha\nreturn x, np.where(x > 0, 1, alpha), np.where(x > 0, 0, x)",
        "return np.where(x > 0, x, -alpha*x), np.where(x > 0, 1, -alpha), np.where(x > 0, 0, -x)",
        "return np.where(x > 0, x, alpha*x), np.where(x > 0, x, alpha), np.where(x > 0, 0, x)",
        "return np.where(x > 0, x, alpha*x), np.where(x > 0, 1, 0), np.where(x > 0, 0, x)",
        "return np.where(x > 0, x, alpha*x), np.where(x > 0, 1, alpha), np.where(x > 0, 0, np.abs(x))",
    ),
    "leaky_relu": (
        "return np.where(x > 0, x, 0.01*x), np.where(x > 0, 1, 0.01)",
        "return np.where(x > 0, x, alpha), np.where(x > 0, 1, 0)",
        "return np.where(x > 0, x, alpha*x), np.where(x > 0, 1, 0)",
        "return np.where(x > 0, x, alpha*x)",
        "return np.where(x > 0, x, alpha*x), np.where(x > 0, 1, -alpha)",
        "return np.where(x > 0, x, x/alpha), np.where(x > 0, 1, 1/alpha)",
        "return np.where(x > 0, 1, alpha), np.where(x > 0, x, alpha*x)",
        "return np.where(x > 0, alpha*x, x), np.where(x > 0, alpha, 1)",
        "f = np.zeros_like(x)\n"
        "d = np.zeros_like(x)\n"
        "for i in range(x.shape[0]):\n"
        "    if np.all(x[i] > 0):\n"
        "        f[i] = x[i]\n"
        "        d[i] = 1\n"
        "    else:\n"
        "        f[i] = alpha*x[i]\n"
        "        d[i] = alpha\n"
        "return f, d",
        "return max(0, x) + alpha*min(0, x), 1",
        "return np.maximum(0, x) + alpha*x, np.where(x > 0, 1 + alpha, alpha)",
    ),
    "elu": (
        "return np.where(x > 0, x, alpha*np.exp(x)-1), np.where(x > 0, 1, alpha*np.exp(x))",
        "return np.where(x > 0, x, alpha*(np.exp(x)-1)), np.where(x > 0, 1, alpha*(np.exp(x)-1))",
        "return np.where(x > 0, x, np.exp(x)-1), np.where(x > 0, 1, np.exp(x))",
        "return np.where(x > 0, x, alpha*(np.exp(x)-1)), np.where(x > 0, 1, np.exp(x))",
        "return np.where(x > 0, x, alpha*(1-np.exp(x))), np.where(x > 0, 1, -alpha*np.exp(x))",
        "return np.where(x > 0, x, alpha*(np.exp(-x)-1)), np.where(x > 0, 1, -alpha*np.exp(-x))",
        "return np.where(x > 0, x, alpha*(np.exp(x)-1)), np.where(x > 0, 1, alpha*x*np.exp(x))",
        "return np.where(x > 0, x, alpha*(np.exp(x)-1)), np.where(x > 0, x, alpha*np.exp(x))",
        "return np.where(x > 0, x, alpha*(np.exp(x)+1)), np.where(x > 0, 1, alpha*np.exp(x))",
        "return np.where(x > 0, x, alpha*np.exp(x)), np.where(x > 0, 1, alpha*np.exp(x))",
        "f = np.where(x > 0, x, alpha*(np.exp(x)-1))\nreturn f, np.where(x > 0, 1, f - alpha)",
        "f = np.where(x > 0, x, alpha*(np.exp(x)-1))\nreturn f, np.where(x > 0, 1, f + 1)",
        "return np.where(x > 0, x, np.exp(alpha*x)-1), np.where(x > 0, 1, alpha*np.exp(alpha*x))",
    ),
    "residual_jacobian": (
        "n = J0.shape[0]\nreturn (np.eye(n)+J0) @ (np.eye(n)+J1)",
        "return (1+J1) @ (1+J0)",
        "n = J0.shape[0]\nreturn np.eye(n) + J1 @ J0",
        "return J1 @ J0",
        "n = len(J0)\nreturn (np.eye(n)+J1)*(np.eye(n)+J0)",
        "n = len(J0)\nreturn np.eye(n)+J0+J1",
        "n = len(J0)\nreturn (J1+np.eye(n)) @ J0",
        "n = len(J0)\nreturn ((np.eye(n)+J1) @ (np.eye(n)+J0)).T",
        "n = len(J0)\nreturn np.linalg.det((np.eye(n)+J1) @ (np.eye(n)+J0))",
        "n = len(J0)\nreturn 2*np.eye(n)+J0+J1",
        "n = len(J0)\nreturn J1 @ (np.eye(n)+J0) ",
        "n = len(J0)\nreturn np.eye(n) + J1 + J0 + J0 @ J1",
    ),
    "plain_jacobian": (
        "return J0 @ J1",
        "return J1 * J0",
        "return J1 + J0",
        "return J1.T @ J0",
        "return (J1 @ J0).T",
        "return J0.T @ J1.T",
        "return J1 @ J0 + np.eye(len(J0))",
        "return np.dot(J1, J1)",
        "return J1 @ np.linalg.inv(J0)",
        "return np.einsum('ij,ik->jk', J1, J0)",
        "return np.einsum('ij,jk', J1, J0).sum()",
        "return np.trace(J1 @ J0)",
        "return np.outer(J1, J0)",
    ),
}

SECOND: dict[str, tuple[str, ...]] = {
    "conv_output_shape": (
        "def size(n):\n    return (n - K + P) // S + 1\nreturn size(W), size(H), F",
        "return (W + 2*P - K + S)//S + 1, (H + 2*P - K + S)//S + 1, F",
        "return (W - 2*P - K)//S + 1, (H - 2*P - K)//S + 1, F",
        "return round((W + 2*P - K)/S) + 1, round((H + 2*P - K)/S) + 1, F",
        "return (W + 2*P - K)//S + 1, (W + 2*P - K)//S + 1, F",
        "return (W + 2*P - K - 1)//S + 1, (H + 2*P - K - 1)//S + 1, F",
    ),
    "conv_weights": (
        "n = K*K*D*F\nif bias:\n    n = n + K\nreturn n",
        "return (K*K + D)*F + (F if bias else 0)",
        "return K*D*K*F*(1 + bias)",
        "return K**2*D*F + F*(not bias)",
    ),
    "conv_connections": (
        "return F*(D*K**2 + int(bias))",
        "wo = (W - K + 2*P)//S + 1\nho = (H - K + 2*P)//S + 1\nreturn wo*ho*(D*K**2 + int(bias))",
        "wo = (W - K + 2*P)//S + 1\nho = (H - K + 2*P)//S + 1\nreturn wo*ho*F*(D*K + int(bias))",
        "wo = (W - K + 2*P)//S\nho = (H - K + 2*P)//S\nreturn wo*ho*F*(D*K**2 + int(bias))",
    ),
    "dense_weights": (
        "return W*H*D*F*(1 + bias)",
        "return W*H*F + (F if bias else 0)",
        "return (W*H*D + 1)*F",
        "return W*H*D + F",
    ),
    "bn_dense": (
        "mu = X.mean(0)\nreturn gamma*(X - mu)/np.sqrt(np.sum((X-mu)**2, axis=0)+eps) + beta",
        "mu = X.mean(0)\nv = X.var(0)\nreturn (X - mu)/np.sqrt(v+eps) + beta",
        "mu = X.mean(0)\nv = X.var(0)\nreturn gamma*(X - mu)/(v+eps) + beta",
        "mu = X.mean(0)\nv = X.std(0)\nreturn gamma*(X - mu)/np.sqrt(v+eps) + beta",
        "mu = X.mean(0)\nv = X.var(0)\nreturn gamma*(X - mu)/np.sqrt(v-eps) + beta",
        "m, n = X.shape\n"
        "out = np.zeros((m, n))\n"
        "for i in range(m):\n"
        "    out[i] = gamma*(X[i] - X[i].mean())/np.sqrt(X[i].var()+eps) + beta\n"
        "return out",
        "mu = X.mean(0)\nv = X.var(0)\nreturn gamma*(X - mu)*np.sqrt(v+eps) + beta",
        "mu = X.mean(0)\nv = X.var(0)\nreturn (gamma*((X - mu)/np.sqrt(v+eps)) + beta).T",
        "mu = X.mean(0)\nv = X.var(0)\nreturn gamma*(mu - X)/np.sqrt(v+eps) + beta",
        "return (X - X.min(0))/(X.max(0) - X.min(0))*gamma + beta",
    ),
    "bn_conv": (
        "mu = X.mean((0,2,3), keepdims=True)\n"
        "v = X.var((0,2,3), keepdims=True)\n"
        "g = gamma.reshape(1,-1,1,1)\n"
        "return g*(X-mu)/np.sqrt(v+eps)",
        "mu = X.mean()\nv = X.var()\nreturn gamma[:,None,None]*(X-mu)/np.sqrt(v+eps)+beta[:,None,None]",
        "mu = X.mean((0,2), keepdims=True)\n"
        "v = X.var((0,2), keepdims=True)\n"
        "return gamma[:,None,None]*(X-mu)/np.sqrt(v+eps)+beta[:,None,None]",
        "mu = X.mean((0,2,3), keepdims=True)\n"
        "v = X.var((0,2,3), keepdims=True)\n"
        "return beta[:,None,None]*(X-mu)/np.sqrt(v+eps)+gamma[:,None,None]",
        "mu = X.mean((0,2,3), keepdims=True)\n"
        "v = ((X-mu)**2).sum((0,2,3), keepdims=True)\n"
        "return gamma[:,None,None]*(X-mu)/np.sqrt(v+eps)+beta[:,None,None]",
    ),
    "bn_of_affine": (
        "Z = U @ W.T + b\nreturn (Z - Z.mean(0))/np.sqrt(Z.var(0)+eps)",
        "Z = U @ W.T + b\nreturn gamma*(Z - Z.mean(0))/(Z.std(0)+eps)+beta",
        "Z = U @ W.T + b\nreturn gamma*(Z - Z.mean(0) - b)/np.sqrt(Z.var(0)+eps)+beta",
        "Z = U @ W.T + b\nreturn Z",
    ),
    "bn_scale_invariance": (
        "f = lambda x: (x - x.mean(0))/np.sqrt(x.var(0)+eps)\nreturn np.abs(f(alpha*X)).max() - np.abs(f(X)).max()",
        "f = lambda x: (x - x.mean(0))/np.sqrt(x.var(0)+eps)\nreturn np.abs(f(alpha*X) - f(X)).min()",
        "f = lambda x: (x - x.mean(0))/np.sqrt(x.var(0, ddof=1)+eps)\nreturn np.abs(f(alpha*X) - f(X)).max()",
        "f = lambda x: (x - x.mean())/np.sqrt(x.var()+eps)\nreturn np.abs(f(alpha*X) - f(X)).max()",
        "f = lambda x: (x - x.mean(0))/np.sqrt(x.var(0))\nreturn np.abs(f(alpha*X) - f(X)).max()",
        "f = lambda x: (x - x.mean(0))/np.sqrt(x.var(0)+eps)\nreturn np.abs(f(X+alpha) - f(X)).max()",
    ),
    "group_norm": (
        "N,C,H,W = X.shape\n"
        "x = X.reshape(N*G, -1)\n"
        "x = (x - x.mean(1, keepdims=True))/x.std(1, keepdims=True)\n"
        "return x.reshape(X.shape)*gamma[:,None,None] + beta[:,None,None]",
        "N,C,H,W = X.shape\n"
        "x = X.reshape(N, G, -1)\n"
        "x = (x - x.mean(2, keepdims=True))/np.sqrt(x.var(2, keepdims=True)+eps)\n"
        "return x.reshape(X.shape)*gamma[:,None,None]",
        "mu = X.mean((2,3), keepdims=True)\n"
        "v = X.var((2,3), keepdims=True)\n"
        "return (X-mu)/np.sqrt(v+eps)*gamma[:,None,None]+beta[:,None,None]",
        "N,C,H,W = X.shape\n"
        "x = X.reshape(N, G, C//G, H, W)\n"
        "m = x.mean((2,), keepdims=True)\n"
        "v = x.var((2,), keepdims=True)\n"
        "x = (x-m)/np.sqrt(v+eps)\n"
        "return x.reshape(X.shape)*gamma[:,None,None] + beta[:,None,None]",
    ),
    "pixels_after": (
        "return N**2 // 2**(2*L) * 2",
        "return int(N / L**2)",
        "return (N // 2)**(2*L)",
        "return (N // 2**L) * N",
        "n = N\nwhile L > 1:\n    n //= 2\n    L -= 1\nreturn n*n",
    ),
    "conv_params": (
        "return K*Cin*Cout + bias*Cout",
        "return K*K*(Cin + Cout) + bias*Cout",
        "return K*K*Cin*Cout + bias*K",
        "return (K*K*Cin + 1)*Cout",
        "return Cin*Cout*K*K*(1 + bias)",
        "return K*K*Cin*Cin + bias*Cout",
    ),
    "grad_w": (
        "return np.array([np.dot(dz, x[j:j+k]) if len(dz) == k else 0 for j in range(k)])",
        "g = np.zeros(k)\nfor i in range(len(dz)):\n    for j in range(k):\n        g[j] += dz[i]*x[i]\nreturn g",
        "g = np.zeros(k)\nfor i in range(len(dz)):\n    for j in range(k):\n        g[j] += dz[i]*x[i-j]\nreturn g",
        "g = np.zeros(k)\n"
        "for i in range(len(dz)):\n"
        "    for j in range(k):\n"
        "        g[j] += dz[i] + x[i+j]\n"
        "return g",
        "g = np.zeros(k)\n"
        "for i in range(1, len(dz)):\n"
        "    for j in range(k):\n"
        "        g[j] += dz[i]*x[i+j]\n"
        "return g",
        "g = np.zeros(k)\n"
        "for i in range(len(dz)):\n"
        "    for j in range(k):\n"
        "        g[j] += dz[i]*x[min(i+j+1, len(x)-1)]\n"
        "return g",
        "g = np.correlate(x, dz, 'valid')\nreturn g/np.linalg.norm(g)",
        "g = np.correlate(x, dz, 'valid')\nreturn -g",
        "g = np.correlate(x, dz, 'valid')\nreturn g.reshape(-1, 1)",
        "return np.correlate(x, dz[::-1], 'valid')",
        "return dz[0]*x[:k]",
        "return np.correlate(x, dz, 'full')",
    ),
    "grad_P2": (
        "return np.repeat(np.repeat(dz, 2, 1), 2, 0)/2**4",
        "h,w,K = dz.shape\ng = np.zeros((2*h,2*w,K))\ng[1::2,1::2] = dz/4\nreturn g",
        "h,w,K = dz.shape\n"
        "g = np.zeros((2*h,2*w,K))\n"
        "for p in range(2*h):\n"
        "    for q in range(2*w):\n"
        "        g[p,q] = dz[p % h, q % w]/4\n"
        "return g",
        "h,w,K = dz.shape\n"
        "g = np.zeros((2*h,2*w,K))\n"
        "for p in range(2*h):\n"
        "    for q in range(2*w):\n"
        "        g[p,q] = dz[q//2 % h, p//2 % w]/4\n"
        "return g",
        "return np.repeat(np.repeat(dz, 2, 0), 2, 1).mean(axis=2)/4",
        "h,w,K = dz.shape\n"
        "g = np.zeros((2*h,2*w,K))\n"
        "for i in range(h-1):\n"
        "    for j in range(w-1):\n"
        "        g[2*i:2*i+2,2*j:2*j+2] = dz[i,j]/4\n"
        "return g",
    ),
    "grad_P1": (
        "r = ref(dz, w2)\nreturn r*4",
        "return ref(dz, w2[:, ::-1])",
        "return ref(dz, w2)[::-1]",
        "return ref(dz, w2)/4",
        "return ref(dz, w2)[1:-1, 1:-1]",
        "return ref(dz.mean(axis=2, keepdims=True).repeat(dz.shape[2], 2), w2)",
        "M,N,L,K = w2.shape\n"
        "d = np.repeat(np.repeat(dz,2,0),2,1)/4\n"
        "A,B,_ = d.shape\n"
        "out = np.zeros((A+M-1,B+N-1,L))\n"
        "for m in range(M):\n"
        "    for n in range(N):\n"
        "        for k in range(K):\n"
        "            out[m:m+A,n:n+B] += d[:,:,k:k+1]*w2[m,n,:,0]\n"
        "return out",
        "M,N,L,K = w2.shape\n"
        "d = np.repeat(np.repeat(dz,2,0),2,1)/4\n"
        "A,B,_ = d.shape\n"
        "out = np.zeros((A+M-1,B+N-1,L))\n"
        "for m in range(M-1):\n"
        "    for n in range(N-1):\n"
        "        out[m:m+A,n:n+B] += d @ w2[m,n].T\n"
        "return out",
    ),
    "grad_w2": (
        "return ref(P1, dz, kshape)[::-1]",
        "return ref(P1, dz, kshape)/dz.shape[0]",
        "return ref(P1[::-1, ::-1], dz, kshape)",
        "return ref(P1, dz, kshape).sum(axis=3)",
        "return ref(P1, dz[:, ::-1], kshape)",
        "M,N = kshape\n"
        "d = np.repeat(np.repeat(dz,2,0),2,1)/4\n"
        "A,B,K = d.shape\n"
        "out = np.zeros((M,N,P1.shape[2],K))\n"
        "for m in range(M):\n"
        "    for n in range(N):\n"
        "        out[m,n] = np.einsum('abl,abk->lk', P1[:A,:B], d)\n"
        "return out",
        "M,N = kshape\n"
        "h,w,K = dz.shape\n"
        "out = np.zeros((M,N,P1.shape[2],K))\n"
        "for m in range(M):\n"
        "    for n in range(N):\n"
        "        for i in range(h):\n"
        "            for j in range(w):\n"
        "                out[m,n] += np.outer(P1[2*i+m:2*i+m+2,2*j+n:2*j+n+2].max((0,1)), dz[i,j])/4\n"
        "return out",
    ),
    "grads": (
        "r = ref(x, w1, w2, dz)\nr['w2'] = r['w2']*4\nreturn r",
        "r = ref(x, w1, w2, dz)\nr['x'] = r['x'][::-1, ::-1]\nreturn r",
        "r = ref(x, w1, w2, dz)\nr['P1'] = r['P1'].transpose(1, 0, 2)\nreturn r",
        "r = ref(x, w1, w2, 4*dz)\nreturn r",
        "r = ref(x, w1, w2, dz)\nr['w1'] = np.zeros(w1.shape)\nreturn r",
        "r = ref(x, w1, w2, dz)\nr['w1'] = -r['w1']\nreturn r",
    ),
    "dense_block_channels": (
        "return k0 + k*L*(L+1)//2",
        "return k0*L + k",
        "return k0 + k**L",
        "return k0 + L + k",
        "c = k0\nfor i in range(L):\n    c += c\nreturn c",
        "return (L-1)*k",
    ),
    "conv_macs": (
        "return H_out*W_out*Cin*Cout*K*K + H_out*W_out*Cout",
        "return H_out*W_out*Cout*K*K",
        "return Cin*Cout*K*K",
        "return H_out*W_out*(Cin*K*K + Cout)",
        "return H_out*W_out*Cin*Cout*(2*K*K - 1)",
        "return H_out + W_out*Cin*Cout*K*K",
    ),
    "bottleneck_macs": (
        "return H*W*(R*Cin + Cout*K*K*R)*2",
        "return H*W*Cin*Cout*K*K",
        "return H*W*R*Cin + H*W*Cout*K*K*(Cin + R)",
        "return R*Cin + Cout*K*K*R",
        "return H*W*R*Cin",
        "return H*W*R*(Cin + Cout*K)",
    ),
    "reduction": (
        "return b - a",
        "return (a - b)/(a + b)",
        "return 1 - a*b",
        "return abs(b/a)",
        "return int((a - b)/a)",
        "return (a-b)/a*10",
    ),
    "inception_macs": (
        "r = ref(H, W, Cin, c1, r3, c3, r5, c5, pp)\nr['branch4'] += 9*H*W*Cin\nr['total'] += 9*H*W*Cin\nreturn r",
        "r = ref(H, W, Cin, c1, r3, c3, r5, c5, pp)\n"
        "r['branch1'], r['branch4'] = r['branch4'], r['branch1']\n"
        "return r",
        "return ref(H, W, Cin, c1, r5, c3, r3, c5, pp)",
        "return ref(H - 2, W - 2, Cin, c1, r3, c3, r5, c5, pp)",
    ),
    "effective_kernel": (
        "return F + D",
        "return (F-1)//D + 1",
        "return F*D - 1",
        "return (F+1)*D - 1",
        "return F**D",
        "return F + (F-1)*(D-1) + 1",
    ),
    "dilated_output": (
        "e = (F-1)*D + 1\nreturn M - e + 1, N - F + 1",
        "return M - F*D, N - F*D",
        "return (M - F)//D + 1, (N - F)//D + 1",
        "return M - (F-1)*D + 1, N - (F-1)*D + 1",
        "return M*D - F + 1, N*D - F + 1",
    ),
    "dilated_kernel": (
        "n = len(K)\nout = np.zeros((n + D - 1, n + D - 1))\nout[:n, :n] = K\nreturn out",
        "return np.kron(np.eye(D), K)",
        "F = len(K)\nn = (F-1)*D + 1\nout = np.zeros((n, n))\nout[::D, ::D] = K[::-1, ::-1]\nreturn out",
        "return K",
        "F = len(K)\n"
        "n = (F-1)*D + 1\n"
        "out = np.zeros((n, n))\n"
        "for i in range(F-1):\n"
        "    for j in range(F-1):\n"
        "        out[i*D, j*D] = K[i, j]\n"
        "return out",
        "return np.repeat(np.repeat(K, D, 0), D, 1)",
    ),
    "receptive_field": (
        "return sum((k-1)*d + 1 for k, d in zip(kernels, dilations))",
        "return sum(kernels) - len(kernels) + 1",
        "s = strides or [1]*len(kernels)\n"
        "r = 1\n"
        "for k, d, st in zip(reversed(kernels), reversed(dilations), reversed(s)):\n"
        "    r = (r - 1)*st + (k-1)*d\n"
        "return r",
        "s = strides or [1]*len(kernels)\n"
        "r = 1\n"
        "for k, d, st in zip(reversed(kernels), reversed(dilations), reversed(s)):\n"
        "    r = r*st + (k-1)*d + 1\n"
        "return r",
        "s = strides or [1]*len(kernels)\n"
        "r = 1\n"
        "for k, d, st in zip(kernels, dilations, s):\n"
        "    r = (r - 1)*st + (k-1)*d + 1\n"
        "return r",
        "r = 1\nfor k, d in zip(kernels, dilations):\n    r += (k-1)*(d+1)\nreturn r",
    ),
    "bound": (
        "return sigma**(i - L)",
        "return (1 - sigma)**(L - i)",
        "return sigma**(L - i)/(L - i)",
        "return L*sigma**(L-i)",
        "return sigma**L - sigma**i",
    ),
    "he_std": (
        "return np.sqrt(2/(C*K**2))**2",
        "return np.sqrt(2)/np.sqrt(K*K)",
        "return 2/(C*K)",
        "return np.sqrt(3/(C*K*K))",
        "return np.sqrt(2/(C**2*K**2))",
        "return np.sqrt(2/(C*K**4))",
    ),
    "dsigmoid": (
        "s = 1/(1+np.exp(-x))\nreturn s*(s-1)",
        "s = 1/(1+np.exp(-x))\nreturn s**2",
        "s = 1/(1+np.exp(-x))\nreturn 1 - s",
        "s = 1/(1+np.exp(-x))\nreturn x*s*(1-s)",
        "s = np.exp(-x)\nreturn s*(1-s)",
        "s = 1/(1+np.exp(-x))\nreturn 2*s*(1-s)",
        "s = 1/(1+np.exp(-x))\nreturn np.diag(s*(1-s)) if x.ndim == 1 else s*(1-s)",
        "return np.where(x > 0, 1, 0)",
    ),
    "prelu": (
        "f = np.where(x > 0, x, alpha)\nreturn f, np.where(x > 0, 1, alpha), np.where(x > 0, 0, x)",
        "return np.where(x > 0, x, alpha*x), np.where(x > 0, 1, alpha), np.where(x > 0, 0, 1)",
        "return np.where(x > 0, x, alpha*x), np.where(x > 0, alpha, 1), np.where(x > 0, 0, x)",
        "return np.where(x > 0, x, 0), np.where(x > 0, 1, 0), np.zeros_like(x)",
        "return np.where(x > 0, x, alpha*x), np.where(x > 0, 0, x), np.where(x > 0, 1, alpha)",
        "return np.where(x > 0, x, x - alpha), np.where(x > 0, 1, 1), np.where(x > 0, 0, -1)",
    ),
    "leaky_relu": (
        "return np.where(x > 0, x, alpha*x), np.where(x > 0, x, alpha)",
        "return np.maximum(0, x), np.where(x > 0, 1.0, 0.0)",
        "return np.where(x > 0, x, alpha + x), np.where(x > 0, 1, 1)",
        "return np.minimum(x, alpha*x), np.where(x > 0, 1, alpha)",
        "return np.where(x > 0, x, alpha*x).sum(), np.where(x > 0, 1, alpha)",
        "return np.where(np.abs(x) > 0, x, alpha*x), np.where(np.abs(x) > 0, 1, alpha)",
    ),
    "elu": (
        "return np.where(x > 0, x, alpha*(np.exp(x)-1)), np.where(x > 0, 1, alpha)",
        "return np.where(x > 0, x, alpha*x), np.where(x > 0, 1, alpha)",
        "return np.where(x > 0, x, alpha*(np.exp(x)-x)), np.where(x > 0, 1, alpha*np.exp(x))",
        "return np.where(x > 0, x, (np.exp(x)-1)/alpha), np.where(x > 0, 1, np.exp(x)/alpha)",
        "return np.where(x > 0, x, alpha*(2**x-1)), np.where(x > 0, 1, alpha*2**x)",
        "return np.where(x < 0, x, alpha*(np.exp(x)-1)), np.where(x < 0, 1, alpha*np.exp(x))",
    ),
    "residual_jacobian": (
        "I = np.eye(len(J0))\nreturn (I - J1) @ (I - J0)",
        "I = np.eye(len(J0))\nreturn I + J1",
        "I = np.eye(len(J0))\nreturn (I + J1) @ (I + J1)",
        "I = np.eye(len(J0))\nreturn (I + J1.T) @ (I + J0.T)",
        "I = np.eye(len(J0))\nreturn (I + J0.T) @ (I + J1.T)",
        "I = np.eye(len(J0))\nreturn (I + J1) + (I + J0)",
    ),
    "plain_jacobian": (
        "return J1",
        "return J1 @ J0 @ J0",
        "return J1 - J0",
        "return J0 * J1.T",
        "return np.kron(J1, J0)",
        "return (J0 + J1)/2",
        "return J1 @ J0.T",
    ),
}
