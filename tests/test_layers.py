"""Networks are counted as their papers count them, and by brute force where no paper does."""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import product
from pathlib import Path

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.errors import ConfigError
from autograder.layers import (
    Cost,
    adaptivepool,
    add,
    avgpool,
    batchnorm,
    concat,
    conv,
    convtranspose,
    dense,
    flatten,
    globalpool,
    groupnorm,
    instancenorm,
    layernorm,
    maxpool,
    network,
    relu,
    seq,
)
from autograder.layers.cli_support import load_graph, table, to_json

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples"
ORACLE = ROOT.parent / "shared" / "layers" / "oracle.json"  # optional data


def example(name, **sizes):
    return load_graph((EXAMPLES / name).read_text(), name, sizes)


def load(graph, shape, **sizes):
    return load_graph(json.dumps({"input": shape, "graph": graph}), "net.json", sizes)


# --- published networks ---

LENET = [("C1", 156, 122_304), ("S2", 12, 5_880), ("C3", 1_516, 151_600), ("S4", 32, 2_000), ("C5", 48_120, 48_120)]


@pytest.mark.parametrize(("name", "params", "connections"), LENET, ids=[row[0] for row in LENET])
def test_lenet5_as_lecun_1998_counts_it(name, params, connections):
    cost = example("lenet5.json", W=32).row(name).cost
    assert (cost.params, cost.connections_with_bias) == (params, connections)


def test_lenet5_learns_60000_numbers():
    assert example("lenet5.json", W=32).totals.params == 60_000


def vgg16():
    layers = []
    for width, times in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)):
        layers += [conv(out=width, k=3, p=1), relu()] * times + [maxpool(k=2)]
    return [*layers, dense(out=4096), relu(), dense(out=4096), relu(), dense(out=1000)]


def alexnet():
    return [
        conv(out=96, k=11, s=4),
        relu(),
        maxpool(k=3, s=2),
        conv(out=256, k=5, p=2, g=2),
        maxpool(k=3, s=2),
        conv(out=384, k=3, p=1),
        conv(out=384, k=3, p=1, g=2),
        conv(out=256, k=3, p=1, g=2),
        maxpool(k=3, s=2),
        dense(out=4096),
        dense(out=4096),
        dense(out=1000),
    ]


def mobilenet():
    def separable(out, s):
        depthwise = conv(k=3, s=s, p="same", g="dw", bias=False)
        return [depthwise, batchnorm(), relu(), conv(out=out, k=1, bias=False), batchnorm(), relu()]

    layers = [conv(out=32, k=3, s=2, p="same", bias=False), batchnorm(), relu()]
    plan = [(64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), *[(512, 1)] * 5, (1024, 2), (1024, 1)]
    for out, s in plan:
        layers += separable(out, s)
    return [*layers, globalpool(), dense(out=1000)]


KNOWN = [
    ("vgg16", vgg16, 224, 138_357_544, 15_470_264_320),
    ("alexnet", alexnet, 227, 60_965_224, 724_406_816),
    ("mobilenet", mobilenet, 224, 4_231_976, 568_740_352),
]


@pytest.mark.parametrize(
    ("build", "side", "params", "macs"), [row[1:] for row in KNOWN], ids=[row[0] for row in KNOWN]
)
def test_published_networks(build, side, params, macs):
    net = network(input=(3, side, side), layers=build())
    assert (net.totals.params, net.totals.macs, net.output) == (params, macs, (1000, 1, 1))


def test_resnet50_at_224():
    net = example("resnet50.json", m=7)
    assert (net.totals.params, net.totals.macs) == (25_557_032, 4_089_184_256)
    assert net.totals.params_total == 25_557_032 + 53_120
    assert net.row("stage4").rf == (427, 427)


def test_resnet50_in_symbols():
    m = sp.Symbol("m", positive=True, integer=True)
    assert sp.expand(example("resnet50.json").totals.macs - (83_410_944 * m**2 + 2_048_000)) == 0


def test_inception_3a():
    net = example("inception3a.json")
    assert (net.output, net.totals.weights, net.totals.macs) == ((256, 28, 28), 163_328, 128_049_152)
    assert net.row("inception_3a").rf == (5, 5)


def test_one_vgg_layer():
    assert network(input=(64, 7, 7), layers=[conv(out=128, k=3)]).totals.params == 73_856


# --- formulas ---

W, H, D, K, F, S, P = sp.symbols("W H D K F S P")
w, d = sp.symbols("w d", positive=True, integer=True)
FORMULAS = [
    ("weights", [conv(out=F, k=K)], lambda net: net.totals.weights, F * D * K**2),
    (
        "connections",
        [conv(out=F, k=K)],
        lambda net: net.totals.connections,
        (W - K + 1) * (H - K + 1) * F * D * K**2,
    ),
    ("dense", [dense(out=F)], lambda net: net.totals.weights, W * H * D * F),
    (
        "bottleneck",
        [conv(out=S, k=1), conv(out=F, k=K, p="same")],
        lambda net: net.totals.macs,
        H * W * S * (D + F * K**2),
    ),
    ("padded", [conv(out=F, k=K, p=P)], lambda net: net.output[2], W - K + 2 * P + 1),
    ("strided", [conv(out=F, k=K, s=S)], lambda net: net.output[2], sp.floor((W - K) / S) + 1),
    ("full", [conv(out=F, k=K, p="full")], lambda net: net.output[1], H + K - 1),
    ("causal", [conv(out=F, k=K, p="causal")], lambda net: net.output[1], H),
    ("field", [conv(out=1, k=w, d=d)] * 3, lambda net: net.rf[0], (3 * w - 3) * d + 3 - 2),
    ("doubling", [conv(out=1, k=3, d=2**i) for i in range(4)], lambda net: net.rf[0], 31),
    ("batch norm", [conv(out=F, k=1), batchnorm()], lambda net: net.totals.norm, 2 * F),
    ("statistics", [conv(out=F, k=1), batchnorm()], lambda net: net.totals.stats, 2 * F),
    ("whole image", [globalpool()], lambda net: net.rf[1], W),
]


@pytest.mark.parametrize(
    ("layers", "read", "expected"), [row[1:] for row in FORMULAS], ids=[row[0] for row in FORMULAS]
)
def test_formulas(layers, read, expected):
    assert sp.expand(read(network(input=(D, H, W), layers=layers)) - expected) == 0


def test_a_formula_agrees_with_the_numbers_it_stands_for():
    size = sp.Symbol("n", positive=True, integer=True)
    layers = [conv(out=4, k=5, s=2, p="same"), maxpool(k=3, s=2, ceil=True), conv(out=3, k=2, s=3, p=1)]
    general = network(input=(2, size), layers=layers)
    for n in range(9, 60):
        special = network(input=(2, n), layers=layers)
        assert general.totals.macs.subs(size, n) == special.totals.macs
        assert [sp.sympify(x).subs(size, n) for x in general.padding] == list(special.padding)


# --- brute force: every window is laid out on the cells ---


def taps(n, k, s, low, high, d):
    """Which input cells (padding left out) each output cell reads."""
    ends = n + low + high - (k - 1) * d
    return [[i + j * d - low for j in range(k) if 0 <= i + j * d - low < n] for i in range(0, ends, s)]


def reach(chain, n):
    """Input cells that the middle output depends on, by following cells through the layers."""
    seen = [{i} for i in range(n)]
    for k, s, p, d in chain:
        seen = [set().union(*(seen[i] for i in row)) for row in taps(len(seen), k, s, *p, d)]
    return seen


CHAIN = st.lists(
    st.tuples(
        st.integers(1, 4), st.integers(1, 3), st.tuples(st.integers(0, 2), st.integers(0, 2)), st.integers(1, 3)
    ),
    min_size=1,
    max_size=3,
)


@settings(max_examples=150, deadline=None)
@given(CHAIN)
def test_views_are_what_cells_really_see(chain):
    n = 400
    net = network(input=(1, n), layers=[conv(out=1, k=k, s=s, p=[list(p)], d=d) for k, s, p, d in chain])
    seen = reach(chain, n)
    assert net.output == (1, len(seen))
    for i, cells in enumerate(seen):
        if not 130 < i * net.stride[0] < 260:  # no padding reaches the middle
            continue
        assert min(cells) == i * net.stride[0] - net.padding[0]
        assert max(cells) - min(cells) + 1 == net.rf[0]


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 30), st.integers(1, 6), st.integers(1, 5), st.integers(1, 3))
def test_same_padding_keeps_ceil_of_size_over_stride(n, k, s, d):
    net = network(input=(1, n), layers=[conv(out=1, k=k, s=s, d=d, p="same")])
    assert net.output[1] == -(-n // s)
    low = net.padding[0]
    need = max((net.output[1] - 1) * s + (k - 1) * d + 1 - n, 0)
    assert low == need // 2  # the odd cell goes to the end


@settings(max_examples=100, deadline=None)
@given(st.integers(3, 30), st.integers(1, 5), st.integers(1, 5), st.integers(0, 2))
def test_ceil_mode_starts_every_window_inside(n, k, s, p):
    p = min(p, k // 2)
    starts = [i for i in range(0, n + p, s) if i == 0 or i - s + k < n + 2 * p]
    # k > n: PyTorch's formula needs the one window to begin less than a stride too early
    if k - n - 2 * p >= s:
        return
    assert network(input=(1, n), layers=[maxpool(k=k, s=s, p=p, ceil=True)]).output[1] == len(starts)


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 6), st.integers(1, 5), st.integers(1, 4), st.integers(1, 3), st.integers(0, 2))
def test_transposed_convolution_by_scattering(n, k, s, d, p):
    cells = np.zeros((n - 1) * s + (k - 1) * d + 1, dtype=object)
    cells[:] = [set() for _ in cells]
    for i, j in product(range(n), range(k)):
        cells[i * s + j * d].add(i)
    kept = cells[p : len(cells) - p]
    if not len(kept):
        return
    net = network(input=(1, n), layers=[convtranspose(out=1, k=k, s=s, d=d, p=p)])
    assert net.output[1] == len(kept)
    widest = max((max(c) - min(c) + 1 for c in cells if c), default=0)
    assert widest <= net.rf[0]
    if n * s > 2 * (k - 1) * d + s:
        assert widest == net.rf[0]
    assert net.totals.macs == n * k


@pytest.mark.parametrize(("k", "field"), [(1, 1), (2, 2), (3, 2), (4, 3)])
def test_behind_a_transposed_convolution_cells_are_whole(k, field):
    layers = [convtranspose(out=1, k=2, s=2), conv(out=1, k=k)]
    inputs = [{o // 2 for o in range(start, start + k)} for start in range(4)]
    assert field == max(len(cells) for cells in inputs)
    assert network(input=(1, 9), layers=layers).rf == (field,)


@pytest.mark.parametrize(("n", "out"), [(7, 1), (7, 7), (7, 3), (10, 4), (3, 5)])
def test_adaptive_pooling_covers_its_bins(n, out):
    widest = max(-(-(i + 1) * n // out) - i * n // out for i in range(out))
    net = network(input=(1, n), layers=[adaptivepool(out=out)])
    assert (net.output, net.rf) == ((1, out), (widest,))


# --- laws ---


def test_a_depthwise_separable_layer_sees_what_a_dense_one_sees():
    one = network(input=(8, 32, 32), layers=[conv(out=16, k=5, s=2, p=2)])
    two = network(input=(8, 32, 32), layers=[conv(k=5, s=2, p=2, g="dw"), conv(out=16, k=1)])
    assert (one.output, one.views) == (two.output, two.views)
    assert two.totals.weights == 8 * 25 + 8 * 16


def test_branches_meet_in_the_hull_of_their_views():
    branches = concat([conv(out=1, k=3, p=[[2, 0]])], [conv(out=1, k=3, p=[[0, 2]])])
    net = network(input=(1, 20), layers=[branches])
    assert (net.output, net.rf, net.padding) == ((2, 20), (5,), (2,))


def test_shared_layers_are_counted_once_but_work_twice():
    layer = conv(out=4, k=3, p=1, share="body")
    net = network(input=(4, 10, 10), layers=[layer, relu(), layer])
    once = network(input=(4, 10, 10), layers=[layer])
    assert net.totals.params == once.totals.params
    assert net.totals.macs == 2 * once.totals.macs
    assert [row.shared for row in net.rows] == [False, False, True]


def test_repeats_have_parameters_of_their_own():
    net = network(input=(4, 10), layers=[seq(conv(out=4, k=3, p=1), repeat=3, name="body")])
    assert (net.totals.weights, net.row("body").cost.weights, len(net.rows)) == (144, 144, 4)


def test_side_heads_stay_out_of_totals():
    graph = [{"op": "conv", "out": 2, "k": 1}, {"op": "aux", "layers": [{"op": "gap"}, {"op": "linear", "out": 5}]}]
    net = load(graph, [3, 4, 4])
    assert (net.totals.params, net.aux.params, net.output) == (8, 15, (2, 4, 4))
    assert [row.aux for row in net.rows] == [False, True, True]


NORMS = [
    (batchnorm(), 16, 16),
    (batchnorm(affine=False), 0, 16),
    (batchnorm(noscale=True, stats=False), 8, 0),
    (groupnorm(), 16, 0),
    (layernorm(), 16, 0),
    (instancenorm(), 0, 0),
    (instancenorm(affine=True), 16, 0),
]


@pytest.mark.parametrize(("layer", "affine", "stats"), NORMS)
def test_normalisation(layer, affine, stats):
    totals = network(input=(8, 3, 3), layers=[layer]).totals
    assert (totals.norm, totals.stats, totals.macs) == (affine, stats, 0)


def test_three_axes_with_a_kernel_of_their_own():
    net = network(input=(3, 16, 112, 112), layers=[conv(out=45, k=[1, 7, 7], s=[1, 2, 2], p=[0, 3, 3], bias=False)])
    assert (net.output, net.totals.weights, net.rf) == ((45, 16, 56, 56), 6615, (1, 7, 7))


def test_flatten_then_dense_sees_everything():
    net = network(input=(2, 9), layers=[conv(out=3, k=3), flatten(), dense(out=4)])
    assert (net.output, net.rf, net.totals.weights) == ((4, 1), (9,), 18 + 84)


def test_unknown_sizes_cancel_where_they_can():
    main = [conv(out=4, k=3, p="same"), conv(out=4, k=3, s=2, p="same")]
    net = network(input=(4, 8), layers=[concat(main, [avgpool(k=3, s=2, p="same")])])
    loose = load(
        [
            {
                "op": "concat",
                "name": "both",
                "branches": [
                    [
                        {"op": "conv", "out": 4, "k": 3, "p": "same"},
                        {"op": "conv", "out": 4, "k": 3, "s": 2, "p": "same"},
                    ],
                    [{"op": "avgpool", "k": 3, "s": 2, "p": "same"}],
                ],
            }
        ],
        [4, None],
    )
    row = to_json(loose)["layers"][-1]
    assert (row["rf"], row["stride"]) == (list(net.rf), list(net.stride))
    assert (row["shape"], row["padding"], row["macs"]) == ([8, None], [None], None)


def test_integers_do_not_load_sympy():
    code = (
        "import sys; from autograder.layers.cli_support import load_graph, table, to_json\n"
        f"net = load_graph(open({str(EXAMPLES / 'resnet50.json')!r}).read().replace('32*m', '32').replace('\"32\"', '224'), 'f', {{}})\n"
        "table(net); to_json(net); assert net.totals.params == 25557032\n"
        "sys.exit('sympy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0


# --- what people see ---


@pytest.mark.parametrize("name", sorted(path.name for path in EXAMPLES.glob("*.json")))
def test_tables_fit_a_page(name):
    assert max(len(line) for line in table(example(name)).splitlines()) <= 100


def test_json_has_the_fields_that_are_promised():
    data = json.loads(json.dumps(to_json(example("lenet5.json"))))
    assert {"input", "output", "totals", "layers"} <= data.keys()
    assert {"weights", "biases", "norm", "params", "macs", "flops"} <= data["totals"].keys()
    wanted = {"name", "op", "shape", "weights", "biases", "norm", "macs", "rf", "stride", "padding"}
    assert all(wanted <= row.keys() for row in data["layers"])
    assert data["input"] == [1, "W", "W"]
    assert data["layers"][0]["shape"] == [6, "W - 4", "W - 4"]


C = {"op": "conv", "out": 4, "k": 3}
BAD = [
    ("no json", "{", "no JSON"),
    ("no graph", "[]", "no layer graph"),
    ("no object", "3", "no layer graph"),
    ("deep", "[" * 100_000, "beyond all bounds"),
    ("digits", '{"input": [' + "9" * 10_000 + '], "graph": []}', "beyond all bounds"),
    ("input", '{"input": 3, "graph": []}', "no list of channels"),
    ("zero", '{"input": [3, 0], "graph": []}', "1 or more"),
    ("float", '{"input": [3, 2.5], "graph": []}', "no whole number"),
    ("formula", '{"input": [3, "W+"], "graph": []}', "no size"),
    ("code", '{"input": [3, "__import__(1)"], "graph": []}', "no size"),
    ("tower", '{"input": [3, "9**9**9"], "graph": []}', "no size"),
    ("field", [{"op": "convT", "out": 3, "k": 2, "strid": 2}], 'no field "strid"'),
    ("op", [{"op": "conv2"}], "Did you mean conv?"),
    ("no op", [{"k": 3}], "no node"),
    ("missing", [{"op": "conv", "out": 3}], "k is missing"),
    ("no out", [{"op": "conv", "k": 3}], "out is missing"),
    ("axes", [{"op": "conv", "out": 3, "k": [3, 3, 3]}], "there are 2 axes"),
    ("padding", [C | {"p": "sme"}], "Did you mean same?"),
    ("negative", [C | {"p": -1}], "p is -1"),
    ("kernel", [C | {"k": 0}], "k is 0"),
    ("large kernel", [C | {"k": 11}], "does not fit"),
    ("groups", [C | {"g": 2}], "do not divide"),
    ("torch same", [C | {"p": "same_torch", "s": 2}], "PyTorch has it for stride 1"),
    ("truth", [C | {"bias": 1}], "true or false"),
    ("name", [C | {"name": 3}], "text in quotes"),
    ("shapes", [{"op": "add", "branches": [[C], []]}], "branches end with shapes"),
    ("sizes", [{"op": "concat", "branches": [[C], []]}], "branches end with sizes"),
    ("no branches", [{"op": "add", "branches": []}], "no branches"),
    ("branches", [{"op": "add", "branches": [C]}], "no list of nodes"),
    ("repeat", [{"op": "seq", "layers": [C], "repeat": -1}], "repeat is -1"),
    ("endless", [{"op": "seq", "layers": [{"op": "relu"}], "repeat": 10**7}], "repeat is"),
    ("nested repeats", [{"op": "seq", "repeat": 99999, "layers": [{"op": "relu"}] * 2}], "too large"),
    ("pair", [C | {"p": [[1, 2, 3], 0]}], "3 entries"),
    ("transposed", [C | {"op": "convT", "p": "full"}], "no padding"),
    ("flat conv", [C, {"op": "linear", "out": "F"}, C], "does not fit"),
]


@pytest.mark.parametrize(("source", "message"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_a_bad_file_is_explained(source, message):
    text = source if isinstance(source, str) else json.dumps({"input": [3, 8, 8], "graph": source})
    with pytest.raises(ConfigError) as caught:
        load_graph(text, "net.json", {})
    assert message in str(caught.value)
    assert caught.value.problems[0].file == "net.json"
    assert caught.value.problems[0].advice


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 9)
    | st.floats()
    | st.sampled_from(["W", "dw", "same", "", "x*", "1/2"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["op", "k", "layers"]), inner, max_size=3)
    ),
    max_leaves=6,
)
FIELDS = [
    "out",
    "k",
    "s",
    "p",
    "d",
    "g",
    "bias",
    "op_",
    "ceil",
    "affine",
    "stats",
    "layers",
    "branches",
    "repeat",
    "name",
    "links",
    "share",
]
OPS = [
    "conv",
    "convT",
    "bn",
    "in",
    "maxpool",
    "avgpool",
    "adaptavg",
    "gap",
    "linear",
    "flatten",
    "concat",
    "add",
    "seq",
    "aux",
]
NODE = st.builds(
    lambda op, node: {"op": op, **node},
    st.sampled_from(OPS),
    st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=4),
)


@settings(max_examples=400, deadline=None)
@given(st.lists(NODE, max_size=3), st.lists(st.none() | st.just("W") | st.integers(-1, 9), max_size=4))
def test_no_file_raises_anything_but_a_config_error(graph, shape):
    try:
        net = load(graph, shape)
    except ConfigError:
        return
    json.dumps(to_json(net))
    assert max(map(len, table(net).splitlines())) <= 100


def test_a_setting_that_meets_no_symbol_is_a_slip():
    with pytest.raises(ConfigError, match="Did you mean W"):
        example("lenet5.json", w=32)
    assert example("inception3a.json", W=32).output == (256, 28, 28)  # no symbol is left to be meant


def test_layers_in_python_are_checked_too():
    with pytest.raises(ConfigError, match="relu is no layer"):
        network(input=(1, 3), layers=[relu])
    with pytest.raises(ConfigError, match="does not fit"):
        network(input=(1, 3), layers=[conv(out=1, k=5)])
    with pytest.raises(ConfigError, match="no whole number"):
        network(input=(1, 3.0), layers=[])
    with pytest.raises(ConfigError, match="share"):
        network(input=(1, 9), layers=[conv(out=2, k=1, share="a"), conv(out=2, k=1, share="a")])
    with pytest.raises(ConfigError, match="effective strides"):
        network(
            input=(1, 8), layers=[add([conv(out=1, k=1, s=2), convtranspose(out=1, k=2, s=1)], [maxpool(k=4, s=1)])]
        )


# --- optional data: many more networks, counted by others ---

FIGURES = (
    json.loads(ORACLE.read_text())
    if ORACLE.exists()
    else {"models": [], "receptive_field": {"rows": [], "graphs": {}}}
)
needs_data = pytest.mark.skipif(not ORACLE.exists(), reason="optional data is absent")


def counted(model, quantity, unit):
    net = load(model["graph"], model["input"])
    name, found, what = quantity.partition(": ")
    cost = net.row(name).cost if found else net.totals
    if quantity.endswith("weights (no bias)"):
        return net.row(quantity.split()[0]).cost.weights
    scale = {"count": 1, "GMAC": 1e9, "1e9 MAC": 1e9, "1e6": 1e6, "1e6 MAC": 1e6}.get(unit)
    if unit.startswith("K (1024)"):
        return cost.weights / 1024
    if unit.startswith("M (1e6)"):
        return cost.macs / 1e6
    if quantity == "num_params":
        return net.totals.params + net.aux.params
    return (net.totals.params if what == "params" or quantity == "params" else net.totals.macs) / scale


@needs_data
@pytest.mark.parametrize("model", FIGURES["models"], ids=[model["id"] for model in FIGURES["models"]])
def test_figures_that_others_published(model):
    checks = [check for check in model["checks"] if check["match"]]
    assert checks
    for check in checks:
        value = counted(model, check["quantity"], check["unit"])
        if check["kind"] == "exact":
            assert value == check["expected"], check["quantity"]
        else:
            assert abs(value - check["expected"]) <= check["tol"], check["quantity"]
    net = load(model["graph"], model["input"])
    totals = model["totals"]
    assert list(net.output) == totals["out"]
    assert (net.totals.weights, net.totals.biases, net.totals.norm) == (
        totals["weights"],
        totals["bias"],
        totals["norm_affine"],
    )
    assert (net.totals.bias_adds, net.totals.window_ops) == (totals["bias_adds"], totals["pool_window_ops"])


def up_to(net, row):
    """Costs of everything up to a row, with the normalisation and activation right behind it."""
    rows = [entry for entry in net.rows if not entry.group or entry is row]
    end = rows.index(row) + 1
    while end < len(rows) and rows[end].op in ("bn", "relu"):
        end += 1
    return sum((entry.cost for entry in rows[:end] if not entry.group), Cost())


NETS = sorted({(row["net"], row["input"] or 0) for row in FIGURES["receptive_field"]["rows"]})


@needs_data
@pytest.mark.parametrize(("name", "side"), NETS, ids=[f"{name}-{side}" for name, side in NETS])
def test_receptive_fields_that_others_published(name, side):
    size = side or None
    net = load(FIGURES["receptive_field"]["graphs"][name], [3, size, size])
    fused = name.startswith(("resnet", "vgg"))
    for wanted in FIGURES["receptive_field"]["rows"]:
        if wanted["net"] != name or wanted["input"] != size:
            continue
        row = net.row(wanted["endpoint"].split("/")[-1])
        if wanted["rf_match"]:
            assert (row.rf, row.stride) == ((wanted["rf"],) * 2, (wanted["stride"],) * 2), row.name
            assert wanted["padding"] is None or row.padding == (wanted["padding"],) * 2, row.name
        if wanted["gflops_match"]:
            done = up_to(net, row).operations("tensorflow" if fused else "tensorflow-unfused")
            assert abs(done / 1e9 - wanted["gflops"]) <= 0.0005001, row.name
