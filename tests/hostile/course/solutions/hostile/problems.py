"""Four answers: two functions and two formulas."""

import numpy as np
import sympy as sp
from reference import conv1d_grad, conv_params

from autograder.problem import Case, Formula, Function, Item

F, D, K, W = sp.symbols("F D K W")
CALLS = Item(
    id="1", title={"en": "Functions"}, question={"en": "Write conv_params(F, D, K) and conv1d_grad(x, dz)."}
)
FORMULAS = Item(id="2", title={"en": "Formulas"}, question={"en": "Write params_sym and out_sym."})
PLANTED = 271828.25  # a number that no output may ever show


def params_cases(rng):
    public = Case((2, 3, 3), "2 filters of 3x3 over 3 channels")
    sizes = rng.integers([1, 1, 2], [9, 9, 8], (18, 3))
    return [public, *(Case(tuple(int(size) for size in row)) for row in sizes), Case((4, 5, 1))]


def grad_cases(rng):
    public = Case((np.array([1.0, -2.0, 3.0, 0.5, 4.0]), np.array([2.0, -1.0, 0.5])), "5 inputs, 3 gradients")
    return [public, *(grad_case(rng, inputs, outputs) for inputs, outputs in ((9, 4), (11, 5), (8, 6), (7, 3)))]


def grad_case(rng, inputs, outputs):
    x, dz = rng.uniform(-5, 5, inputs), rng.uniform(-2, 2, outputs)
    x[int(rng.integers(inputs))] = PLANTED
    return Case((x, dz))


def params_implementation(F, D, K):
    return conv_params(F, D, K)


def out_implementation(W, K):
    return len(np.convolve(np.ones(W), np.ones(K), "valid"))


COUNT = {name: "positive integer" for name in ("F", "D", "K")}
PROBLEMS = [
    Function(
        name="conv_params",
        item=CALLS,
        ask={"en": "Count the weights of a convolution."},
        signature="conv_params(F, D, K)",
        doc={"en": "F filters of KxK over D channels"},
        implementation=conv_params,
        cases=params_cases,
        reference=F * D * K**2,
        symbols=COUNT,
    ),
    Function(
        name="conv1d_grad",
        item=CALLS,
        ask={"en": "Differentiate with respect to the filter."},
        signature="conv1d_grad(x, dz)",
        doc={"en": "x: the inputs; dz: the gradient of the loss with respect to each output"},
        implementation=conv1d_grad,
        cases=grad_cases,
    ),
    Formula(
        name="params_sym",
        item=FORMULAS,
        ask={"en": "Weights of F filters of KxK over D channels."},
        reference=F * D * K**2,
        symbols=COUNT,
        implementation=params_implementation,
    ),
    Formula(
        name="out_sym",
        item=FORMULAS,
        ask={"en": "Outputs of a filter of K taps on W inputs, no padding."},
        reference=W - K + 1,
        symbols={"W": "positive integer", "K": "positive integer"},
        where=("W >= K",),
        implementation=out_implementation,
    ),
]
