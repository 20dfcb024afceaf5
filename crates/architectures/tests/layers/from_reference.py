"""Writes the layer tables beside this file: what published networks consist of.

Each network is built with 1000 classes, without auxiliary heads or trained weights, from an
implementation that shares no code with this repository; one image passes through it on torch's
`meta` device (shapes without numbers), and the operations that torch runs are noted. One file a
network, `<network>.txt`: a comment line with the source, the trainable parameters and the
multiply-accumulates of convolutions and linear layers (padding counted); a line of column names;
then one line for each distinct operation, with how often it runs:

    count kind in out kernel stride dilation groups output

Kinds are conv, linear, product (of a batch of matrices), batch-norm, layer-norm, softmax, max-pool, average-pool and the
activations. `-` stands where a column does not apply. The output of what works on tokens, or on all pixels of an image alike,
is their number. Left out are additions, concatenations, dropout, pools over the whole plane
and adaptive pools that leave a plane as it is.

Sources: torchvision 0.24.1 and timm 1.0.22 (with torch 2.9.1), but for two families. NASNet-A
mobile is put together from timm's NASNet-A large cells. The DARTS networks are built below from the
authors' genotypes; their tables equal those of the authors' own network classes
(github.com/quark0/darts, yuhuixu1993/PC-DARTS, chenxin061/pdarts, SNAS-Series/SNAS-Series).

To run:

    python -m venv venv
    venv/bin/pip install torch==2.9.1 torchvision==0.24.1 timm==1.0.22
    venv/bin/python from_reference.py [--into FOLDER] [NETWORK ...]
"""

import argparse
import math
from collections import Counter
from pathlib import Path
from typing import Callable, NamedTuple

import timm
import timm.layers
import torch
import torchvision
from timm.models.nasnet import NASNetALarge
from timm.models.efficientnet import _gen_mobilenet_v1
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode

# ---------------------------------------------------------------- the operations of a forward pass


class Row(NamedTuple):
    """One operation, as a line of a table shows it."""

    kind: str
    inputs: int | str = "-"
    outputs: int | str = "-"
    kernel: str = "-"
    stride: str = "-"
    dilation: str = "-"
    groups: int | str = "-"
    output: str = "-"


def pair(value):
    """Both numbers of a torch size argument, which may hold one or two."""
    value = [value] if isinstance(value, int) else list(value)
    return value * 2 if len(value) == 1 else value


def plane(tensor):
    """Height and width of a tensor, or `-` for a vector."""
    return "x".join(map(str, tensor.shape[2:])) or "-"


def step(value):
    """A stride or dilation: one number where both directions agree."""
    high, wide = pair(value)
    return str(high) if high == wide else f"{high}x{wide}"


def conv(result, image, weight, bias, stride, padding, dilation, transposed, extra, groups):
    assert not transposed
    kernel = "x".join(map(str, weight.shape[2:]))
    channels = image.shape[1], weight.shape[0]
    return Row("conv", *channels, kernel, step(stride), step(dilation), groups, plane(result))


def linear(result, *operands):
    first, second = operands[-2:]
    return Row("linear", first.shape[1], second.shape[1], output=number(first.shape[:1]))


def number(sizes):
    """How many there are, or `-` if there is one."""
    return str(math.prod(sizes)) if math.prod(sizes) > 1 else "-"


def product(result, first, second):
    """Products of matrices: columns of the first, columns of the second, as many as in the batch."""
    heads, rows, columns = first.shape
    return Row("product", columns, second.shape[2], groups=heads, output=str(rows))


def layer_norm(result, image, shape, *rest):
    return Row("layer-norm", outputs=shape[0], output=number(image.shape[:-1]))


def softmax(result, scores, *rest):
    return Row("softmax", outputs=scores.shape[-1], output=number(scores.shape[:-1]))


def gelu(result, image, **how):
    """Of vectors and tokens, whose channels come last."""
    return Row("gelu", outputs=image.shape[-1], output=number(image.shape[:-1]))


def batch_norm(result, image, *rest):
    return Row("batch-norm", outputs=image.shape[1], output=plane(image))


def pool(kind, dilated):
    def note(result, image, kernel, stride=(), padding=0, *rest):
        result = result[0] if isinstance(result, tuple) else result
        if pair(kernel) == list(image.shape[2:]):
            return None
        channels = image.shape[1]
        dilation = step(rest[0] if rest else 1) if dilated else "-"
        size = "x".join(map(str, pair(kernel)))
        stride = step(stride or kernel)
        return Row(kind, channels, channels, size, stride, dilation, output=plane(result))

    return note


def activation(kind):
    def note(result, image, *rest):
        return Row(kind, outputs=result.shape[1], output=plane(result))

    return note


def hard_tanh(result, image, low=-1, high=1):
    assert (low, high) == (0, 6), "a hard tanh that is no relu6"
    return activation("relu6")(result, image)


def adaptive_pool(result, image, size):
    sizes = [1, 1], list(image.shape[2:])
    assert list(result.shape[2:]) in sizes, "an adaptive pool that resizes"


NOTES = {
    "convolution": conv,
    "addmm": linear,
    "mm": linear,
    "native_batch_norm": batch_norm,
    "_native_batch_norm_legit_no_training": batch_norm,
    "max_pool2d_with_indices": pool("max-pool", dilated=True),
    "avg_pool2d": pool("average-pool", dilated=False),
    "_adaptive_avg_pool2d": adaptive_pool,
    "relu": activation("relu"),
    "hardtanh": hard_tanh,
    "silu": activation("silu"),
    "hardswish": activation("hard-swish"),
    "hardsigmoid": activation("hard-sigmoid"),
    "sigmoid": activation("sigmoid"),
    "gelu": gelu,
    "bmm": product,
    "native_layer_norm": layer_norm,
    "_softmax": softmax,
}

# Operations that tables leave out. Any other stops the program, so that none is overlooked.
SILENT = set("add mul cat t view _unsafe_view mean constant_pad_nd".split())
SILENT |= set("alias empty slice split split_with_sizes transpose clone".split())
SILENT |= set("as_strided detach expand permute select unbind".split())


class Listener(TorchDispatchMode):
    """Notes each operation that runs while it is entered."""

    def __init__(self):
        super().__init__()
        self.rows = Counter()

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        result = function(*args, **(kwargs or {}))
        name = function.overloadpacket.__name__
        name = name if name.startswith("_") else name.removesuffix("_")
        if name in NOTES:
            row = NOTES[name](result, *args, **(kwargs or {}))
            self.rows.update([row] if row else [])
        elif name not in SILENT:
            raise NotImplementedError(f"what is {function}?")
        return result


# ------------------------------------------------------------------------------------- DARTS family


def genotype(normal, reduce):
    """A genotype as {reduction: [(operation, state), ...]} from `operation:state` words."""

    def edges(text):
        return [(word[:-2], int(word[-1])) for word in text.split()]

    return {False: edges(normal), True: edges(reduce)}


# Two edges a node, each an operation and the state it reads: 0 and 1 are the two cells before, 2 on
# the nodes. A cell's output joins its four nodes.
GENOTYPES = {
    "darts-v1": genotype(
        "sep3:1 sep3:0 skip:0 sep3:1 skip:0 sep3:1 sep3:0 skip:2",
        "max:0 max:1 skip:2 max:0 max:0 skip:2 skip:2 avg:0",
    ),
    "darts-v2": genotype(
        "sep3:0 sep3:1 sep3:0 sep3:1 sep3:1 skip:0 skip:0 dil3:2",
        "max:0 max:1 skip:2 max:1 max:0 skip:2 skip:2 max:1",
    ),
    "pc-darts": genotype(
        "skip:1 sep3:0 sep3:0 skip:1 sep3:1 sep3:3 sep3:1 dil5:4",
        "sep3:0 skip:1 dil5:2 max:1 sep3:2 sep3:1 sep5:0 sep3:3",
    ),
    "p-darts": genotype(
        "skip:0 dil3:1 skip:0 sep3:1 sep3:1 sep3:3 sep3:0 dil5:4",
        "avg:0 sep5:1 sep3:0 dil5:2 max:0 dil3:1 dil3:1 dil5:3",
    ),
    "snas-mild": genotype(
        "sep3:0 sep3:1 skip:0 dil3:1 skip:0 skip:1 skip:0 sep3:1",
        "max:0 max:1 max:1 skip:2 max:1 skip:2 max:0 dil5:2",
    ),
}


class FactorizedReduce(nn.Module):
    """Halves the plane: two 1x1 convolutions of stride 2, the second one pixel down and right."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.even = nn.Conv2d(inputs, outputs // 2, 1, 2, bias=False)
        self.odd = nn.Conv2d(inputs, outputs // 2, 1, 2, bias=False)
        self.norm = nn.BatchNorm2d(outputs)

    def forward(self, image):
        image = torch.relu(image)
        return self.norm(torch.cat([self.even(image), self.odd(image[:, :, 1:, 1:])], 1))


def relu_conv_norm(inputs, outputs):
    conv = nn.Conv2d(inputs, outputs, 1, bias=False)
    return nn.Sequential(nn.ReLU(), conv, nn.BatchNorm2d(outputs))


def separable(channels, kernel, stride, dilation=1):
    padding = dilation * (kernel // 2)
    deep = nn.Conv2d(channels, channels, kernel, stride, padding, dilation, channels, bias=False)
    return [nn.ReLU(), deep, nn.Conv2d(channels, channels, 1, bias=False), nn.BatchNorm2d(channels)]


def operation(name, channels, stride, norm_pools):
    if name == "skip":
        return nn.Identity() if stride == 1 else FactorizedReduce(channels, channels)
    if name in ("max", "avg"):
        average = nn.AvgPool2d(3, stride, 1, count_include_pad=False)
        pool = nn.MaxPool2d(3, stride, 1) if name == "max" else average
        return nn.Sequential(pool, nn.BatchNorm2d(channels)) if norm_pools else pool
    kernel = int(name[3:])
    if name.startswith("dil"):
        return nn.Sequential(*separable(channels, kernel, stride, 2))
    return nn.Sequential(*separable(channels, kernel, stride), *separable(channels, kernel, 1))


class Cell(nn.Module):
    def __init__(self, genes, before, last, channels, reduction, after_reduction, norm_pools):
        super().__init__()
        entry = FactorizedReduce if after_reduction else relu_conv_norm
        self.entries = nn.ModuleList([entry(before, channels), relu_conv_norm(last, channels)])
        self.states = [state for _, state in genes[reduction]]
        self.edges = nn.ModuleList(
            operation(name, channels, 2 if reduction and state < 2 else 1, norm_pools)
            for name, state in genes[reduction]
        )

    def forward(self, before, last):
        states = [self.entries[0](before), self.entries[1](last)]
        for node in range(0, len(self.edges), 2):
            left, right = (self.edges[i](states[self.states[i]]) for i in (node, node + 1))
            states.append(left + right)
        return torch.cat(states[2:], 1)


class Darts(nn.Module):
    """The ImageNet network of the DARTS papers: a stem, 14 cells, a linear classifier."""

    def __init__(self, genes, channels=48, cells=14, norm_pools=False):
        super().__init__()
        self.stem0 = nn.Sequential(
            nn.Conv2d(3, channels // 2, 3, 2, 1, bias=False),
            nn.BatchNorm2d(channels // 2),
            nn.ReLU(),
            nn.Conv2d(channels // 2, channels, 3, 2, 1, bias=False),
            nn.BatchNorm2d(channels),
        )
        self.stem1 = nn.Sequential(
            nn.ReLU(), nn.Conv2d(channels, channels, 3, 2, 1, bias=False), nn.BatchNorm2d(channels)
        )
        self.cells = nn.ModuleList()
        before = last = width = channels
        after_reduction = True
        for index in range(cells):
            reduction = index in (cells // 3, 2 * cells // 3)
            width *= 2 if reduction else 1
            cell = Cell(genes, before, last, width, reduction, after_reduction, norm_pools)
            self.cells.append(cell)
            before, last, after_reduction = last, 4 * width, reduction
        self.classifier = nn.Linear(last, 1000)

    def forward(self, image):
        before = self.stem0(image)
        last = self.stem1(before)
        for cell in self.cells:
            before, last = last, cell(before, last)
        return self.classifier(last.mean((2, 3)))


# --------------------------------------------------------------------------------- NASNet-A, mobile


class NasnetMobile(NASNetALarge):
    """NASNet-A (4 @ 1056): four normal cells a stage where NASNet-A large has six.

    Unlike in the large network, the cell after a reduction also reads that reduction's input.
    """

    STAGES = ((0, 1, 2, 3), (6, 7, 8, 9), (12, 13, 14, 15))

    def __init__(self):
        super().__init__(stem_size=32, num_features=1056)
        for index in (4, 5, 10, 11, 16, 17):
            delattr(self, f"cell_{index}")

    def forward_features(self, image):
        stem = self.conv0(image)
        before = self.cell_stem_0(stem)
        last = self.cell_stem_1(stem, before)
        for stage, indices in enumerate(self.STAGES):
            cells = [f"cell_{index}" for index in indices]
            for name in cells if stage == 0 else [f"reduction_cell_{stage - 1}", *cells]:
                before, last = last, getattr(self, name)(last, before)
        return self.act(last)


# ------------------------------------------------------------------------------------- the networks


class Reference(NamedTuple):
    """Where a network comes from, how it is built, and the side of the images it takes."""

    source: str
    build: Callable[[], nn.Module]
    side: int = 224


def version(module):
    return module.__version__.split("+")[0]


def tv(model, side=224, **options):
    extra = "".join(f", {key} {value}" for key, value in options.items() if key == "width_mult")
    source = f"torchvision {version(torchvision)} `{model}`{extra}"
    return Reference(source, lambda: torchvision.models.get_model(model, **options), side)


def tm(model, side=224):
    return Reference(f"timm {version(timm)} `{model}`", lambda: timm.create_model(model), side)


AUTHORS = {
    "darts-v1": "quark0/darts",
    "darts-v2": "quark0/darts",
    "pc-darts": "yuhuixu1993/PC-DARTS",
    "p-darts": "chenxin061/pdarts",
    "snas-mild": "SNAS-Series/SNAS-Series",
}


def darts(network):
    """SNAS has wider networks than the others, and batch norms after its pools."""
    options = {"channels": 50, "norm_pools": True} if network == "snas-mild" else {}
    source = f"the network of {AUTHORS[network]}"
    return Reference(source, lambda: Darts(GENOTYPES[network], **options))


def named_alike(prefix, *suffixes):
    """Networks whose names here are torchvision's with dashes."""
    return {(prefix + suffix).replace("_", "-"): tv(prefix + suffix) for suffix in suffixes}


def networks():
    table = named_alike("", "alexnet")
    table |= named_alike("squeezenet", "1_0", "1_1")
    table |= named_alike("vgg", "11", "13", "16", "19")
    table |= named_alike("resnet", "18", "34", "50", "101", "152")
    table |= named_alike("resnext", "50_32x4d", "101_32x8d")
    table |= named_alike("wide_resnet", "50_2", "101_2")
    table |= named_alike("densenet", "121", "161", "169", "201")
    table |= named_alike("shufflenet_v2_x", "0_5", "1_0", "1_5", "2_0")
    table |= named_alike("mobilenet_", "v2", "v3_large", "v3_small")
    for width in (0.5, 0.75, 1.4):
        table[f"mobilenet-v2-x{width}".replace(".", "-")] = tv("mobilenet_v2", width_mult=width)
    for kind in "xy":
        for size in ("400mf", "800mf", "1_6gf"):
            name = f"regnet-{kind}-{size}".replace("_", "-")
            table[name] = tv(f"regnet_{kind}_{size}")
        for size in (200, 600):
            table[f"regnet-{kind}-{size}mf"] = tm(f"regnet{kind}_{size // 100:03}")
    for index, side in enumerate((224, 240, 260, 300, 380)):
        table[f"efficientnet-b{index}"] = tv(f"efficientnet_b{index}", side)
    table["googlenet"] = tv("googlenet", aux_logits=False, init_weights=False)
    table["inception-v3"] = tv("inception_v3", 299, aux_logits=False, init_weights=False)
    table["xception"] = tm("legacy_xception", 299)
    table["mobilenet-v1"] = tm("mobilenetv1_100")
    table["mobilenet-v1-x0-5"] = Reference(
        f"timm {version(timm)} `mobilenetv1_100`, channel_multiplier 0.5",
        lambda: _gen_mobilenet_v1("mobilenetv1_100", 0.5),
    )
    for width in ("0-5", "1-0", "1-3"):
        table[f"ghostnet-x{width}"] = tm(f"ghostnet_{width.replace('-', '')}0")
    table["mnasnet-b1"] = tm("mnasnet_100")
    table["mnasnet-a1"] = tm("semnasnet_100")
    table["fbnet-c"] = tm("fbnetc_100")
    table["single-path-nas"] = tm("spnasnet_100")
    for size in "sml":
        table[f"mixnet-{size}"] = tm(f"mixnet_{size}")
    table["nasnet-a-large"] = tm("nasnetalarge", 331)
    table["nasnet-a-mobile"] = Reference(
        f"timm {version(timm)} `NASNetALarge` at 4 cells a stage, 1056 features, stem 32",
        NasnetMobile,
    )
    table["pnasnet-5-large"] = tm("pnasnet5large", 331)
    table["convnext-tiny"] = tm("convnext_tiny")
    for size in ("tiny", "small"):
        table[f"deit-{size}"] = tm(f"deit_{size}_patch16_224")
    return table | {name: darts(name) for name in GENOTYPES}


# --------------------------------------------------------------------------------------- the tables


def macs(row):
    """Multiply-accumulates of one operation."""
    if row.kind == "linear":
        return row.inputs * row.outputs * (1 if row.output == "-" else int(row.output))
    if row.kind == "product":
        return row.inputs * row.outputs * int(row.output) * row.groups
    if row.kind != "conv":
        return 0
    area = math.prod(int(side) for size in (row.kernel, row.output) for side in size.split("x"))
    return area * row.inputs // row.groups * row.outputs


def order(row):
    """Rows stand by kind, by channels as numbers, then by the rest as text."""
    numbers = [-1 if value == "-" else value for value in row[1:3]]
    return row.kind, numbers, list(map(str, row[3:]))


def on_meta(build):
    """A network without storage; one whose building needs numbers is moved there."""
    try:
        with torch.device("meta"):
            return build().eval()
    except NotImplementedError:
        return build().to("meta").eval()


def table(name, reference):
    """The text of one network's file."""
    # Attention is written out, product by product.
    timm.layers.set_fused_attn(False)
    model = on_meta(reference.build)
    image = torch.empty(1, 3, reference.side, reference.side, device="meta")
    with torch.no_grad(), Listener() as listener:
        scores = model(image)
    assert scores.shape == (1, 1000), scores.shape
    parameters = sum(value.numel() for value in model.parameters() if value.requires_grad)
    total = sum(count * macs(row) for row, count in listener.rows.items())
    source = f"{reference.source}; parameters {parameters}, macs {total}"
    lines = [f"# {name} at {reference.side}: {source}"]
    lines.append("count kind in out kernel stride dilation groups output")
    for row in sorted(listener.rows, key=order):
        lines.append(" ".join(map(str, (listener.rows[row], *row))))
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("networks", nargs="*", metavar="NETWORK", help="networks to write (all)")
    parser.add_argument("--into", type=Path, default=Path(__file__).parent, metavar="FOLDER")
    options = parser.parse_args()
    known = networks()
    for name in options.networks or sorted(known):
        text = table(name, known[name])
        (options.into / f"{name}.txt").write_text(text, newline="\n")
        print(text.split("\n", 1)[0])


if __name__ == "__main__":
    main()
