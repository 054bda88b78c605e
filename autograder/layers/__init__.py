"""Symbolic cost calculus of network layers.

Layers are values, a network is counted once, and every count is an int or a sympy expression in whatever
hyper-parameters were left as symbols.

>>> import sympy as sp
>>> W, H, D, K, F = sp.symbols("W H D K F")
>>> layer = network(input=(D, H, W), layers=[conv(out=F, k=K, bias=False)])
>>> layer.output
(F, H - K + 1, -K + W + 1)
>>> layer.totals.macs
D*F*K**2*(H - K + 1)*(-K + W + 1)
>>> network(input=(D, H, W), layers=[dense(out=F)]).totals.weights
D*F*H*W
>>> w, d = sp.symbols("w d", positive=True, integer=True)
>>> network(input=(1, W), layers=[conv(out=1, k=w, d=d)] * 3).rf
(3*d*(w - 1) + 1,)

Which things are counted is a table of conventions:

>>> pool = network(input=(8, 4, 4), layers=[conv(out=8, k=1), maxpool(k=2)])
>>> {name: pool.totals.operations(name) for name in ("macs", "flops", "tensorflow")}
{'macs': 1024, 'flops': 2048, 'tensorflow': 2304}
"""

from autograder.layers.conventions import CONVENTIONS, Convention
from autograder.layers.cost import Cost
from autograder.layers.geometry import View
from autograder.layers.network import Network, Row, network
from autograder.layers.nodes import (
    Act,
    AdaptivePool,
    Add,
    Aux,
    Concat,
    Conv,
    ConvT,
    Flatten,
    GlobalPool,
    Layer,
    Linear,
    Norm,
    Pool,
    Seq,
    activation,
    adaptivepool,
    add,
    aux,
    avgpool,
    batchnorm,
    concat,
    conv,
    convtranspose,
    dense,
    dropout,
    flatten,
    globalpool,
    groupnorm,
    identity,
    instancenorm,
    layernorm,
    maxpool,
    relu,
    seq,
)

__all__ = [
    "CONVENTIONS",
    "Act",
    "AdaptivePool",
    "Add",
    "Aux",
    "Concat",
    "Conv",
    "ConvT",
    "Convention",
    "Cost",
    "Flatten",
    "GlobalPool",
    "Layer",
    "Linear",
    "Network",
    "Norm",
    "Pool",
    "Row",
    "Seq",
    "View",
    "activation",
    "adaptivepool",
    "add",
    "aux",
    "avgpool",
    "batchnorm",
    "concat",
    "conv",
    "convtranspose",
    "dense",
    "dropout",
    "flatten",
    "globalpool",
    "groupnorm",
    "identity",
    "instancenorm",
    "layernorm",
    "maxpool",
    "network",
    "relu",
    "seq",
]
