"""The calculus against PyTorch itself, where PyTorch is installed."""

from __future__ import annotations

import pytest

from autograder.layers import (
    adaptivepool,
    avgpool,
    batchnorm,
    conv,
    convtranspose,
    dense,
    groupnorm,
    maxpool,
    network,
)

torch = pytest.importorskip("torch")
nn = torch.nn

PAIRS = [
    ("plain", (3, 17, 19), conv(out=8, k=3), lambda: nn.Conv2d(3, 8, 3)),
    (
        "all",
        (4, 17, 19),
        conv(out=8, k=[3, 5], s=[2, 3], p=[1, 2], d=[2, 1], g=2),
        lambda: nn.Conv2d(4, 8, (3, 5), (2, 3), (1, 2), (2, 1), 2),
    ),
    (
        "same",
        (4, 17, 18),
        conv(out=8, k=4, p="same_torch", d=3),
        lambda: nn.Conv2d(4, 8, 4, padding="same", dilation=3),
    ),
    ("one axis", (4, 30), conv(out=2, k=5, s=2, bias=False), lambda: nn.Conv1d(4, 2, 5, 2, bias=False)),
    (
        "three axes",
        (2, 9, 10, 11),
        conv(out=3, k=[1, 3, 2], s=2, p=[0, 1, 1]),
        lambda: nn.Conv3d(2, 3, (1, 3, 2), 2, (0, 1, 1)),
    ),
    ("depthwise", (6, 9, 9), conv(k=3, g="dw"), lambda: nn.Conv2d(6, 6, 3, groups=6)),
    (
        "transposed",
        (4, 7, 8),
        convtranspose(out=6, k=[4, 3], s=[2, 3], p=1, op_=[1, 2], d=[1, 2], g=2),
        lambda: nn.ConvTranspose2d(4, 6, (4, 3), (2, 3), 1, (1, 2), 2, dilation=(1, 2)),
    ),
    ("maxpool", (4, 15, 16), maxpool(k=3, s=2, p=1), lambda: nn.MaxPool2d(3, 2, 1)),
    ("ceil", (4, 14, 16), maxpool(k=3, s=2, ceil=True), lambda: nn.MaxPool2d(3, 2, ceil_mode=True)),
    ("ceil, padded", (4, 9, 10), maxpool(k=2, s=3, p=1, ceil=True), lambda: nn.MaxPool2d(2, 3, 1, ceil_mode=True)),
    ("avgpool", (4, 15, 16), avgpool(k=3), lambda: nn.AvgPool2d(3)),
    ("adaptive", (4, 15, 16), adaptivepool(out=[4, 7]), lambda: nn.AdaptiveAvgPool2d((4, 7))),
    ("batch norm", (4, 5, 5), batchnorm(), lambda: nn.BatchNorm2d(4)),
    ("group norm", (4, 5, 5), groupnorm(), lambda: nn.GroupNorm(2, 4)),
    ("dense", (12,), dense(out=5), lambda: nn.Linear(12, 5)),
]


@pytest.mark.parametrize(("shape", "layer", "build"), [row[1:] for row in PAIRS], ids=[row[0] for row in PAIRS])
def test_shapes_and_parameters_are_pytorchs(shape, layer, build):
    module = build()
    net = network(input=shape, layers=[layer])
    assert tuple(module(torch.zeros(2, *shape)).shape[1:]) == net.output
    assert sum(tensor.numel() for tensor in module.parameters()) == net.totals.params


@pytest.mark.parametrize(
    ("shape", "layer", "build"), [row[1:] for row in PAIRS if row[0] not in ("batch norm", "group norm", "dense")]
)
def test_receptive_fields_are_where_gradients_reach(shape, layer, build):
    module = build().double()
    for tensor in module.parameters():
        nn.init.constant_(tensor, 1.0)
    image = torch.rand(1, *shape, dtype=torch.float64, requires_grad=True)
    out = module(image)
    wide = max(shape[1:])
    middle = tuple(size // 2 for size in out.shape[2:])
    out[(0, 0, *middle)].backward()
    reached = image.grad[0].abs().sum(0).nonzero()
    net = network(input=shape, layers=[layer])
    for axis, field in enumerate(net.rf):
        extent = int(reached[:, axis].max() - reached[:, axis].min()) + 1
        assert extent <= field <= wide
