"""The bundled model's network as an ONNX graph in int8, written from its weights without torch.

Weights are int8 with a scale for each output (in 7 bits, see ``learned_layers.LARGEST``). Activations are quantised token by token: each row is
divided by its largest value, so that the scale of the quantisation is a constant, and the product is multiplied by it again.
onnxruntime's own dynamic quantisation takes one scale for the whole batch instead: less exact, and a text's vector
would depend on the texts beside it. The word embeddings stay in the 4-bit blocks they come in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from retrieval.embedding.learned_layers import Network, rounded
from retrieval.embedding.weight_file import BLOCK, Blocks

if TYPE_CHECKING:
    from onnx import ModelProto

OUTPUT = "last_hidden_state"
INPUTS = ("input_ids", "attention_mask")
_CONTRIB = "com.microsoft"  # onnxruntime's own operators, which its builds for processors all have
_OPSET, _IR_VERSION = 17, 9
_TINY = 1e-6  # a row of zeros is not divided by zero
# What goes into the second feed-forward layer comes from GELU: at least -0.17. So it is quantised with its zero at 16 of 255,
# rather than at 128: 16 / 239 * 2.55 = 0.1707.
_GELU_ZERO, _GELU_LEAST = 16, 2.55

Floats = NDArray[np.float32]


def encoder(network: Network, kept: list[int]) -> ModelProto:
    """The graph: ``input_ids`` and ``attention_mask`` (batch, sequence) to ``last_hidden_state`` (batch, sequence, hidden).

    Ids are positions in ``kept``, the rows of the embedding matrix that are kept.
    """
    return _Encoder(network).model(kept)


class _Encoder:
    """Writes the nodes one after the other; methods take and give the names of tensors."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._sizes = network.architecture
        self._nodes: list[Any] = []
        self._constants: list[Any] = []
        hidden = self._sizes.hidden
        self._epsilon = self._constant("epsilon", np.float32(self._sizes.epsilon))
        self._average = self._constant("average", np.full((hidden, 1), 1 / hidden, np.float32))
        self._tiny = self._constant("tiny", np.float32(_TINY))
        self._even = self._quantisation("even", 127, 128)
        self._after_gelu = self._quantisation("after_gelu", 255 - _GELU_ZERO, _GELU_ZERO)
        self._gelu_least = self._constant("after_gelu.least", np.float32(_GELU_LEAST))

    def model(self, kept: list[int]) -> ModelProto:
        from onnx import TensorProto, helper

        output = self._embedded(kept)
        mask = self._node("Cast", "attention_mask", to=TensorProto.INT32)
        for number in range(self._sizes.layers):
            output = self._layer(f"l{number}", output, mask)
        self._nodes[-1].output[0] = OUTPUT
        graph = helper.make_graph(
            self._nodes,
            "encoder",
            [helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "sequence"]) for name in INPUTS],
            [helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, ["batch", "sequence", self._sizes.hidden])],
            self._constants,
        )
        opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_CONTRIB, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=_IR_VERSION, producer_name="reportbot")

    # -- the parts of the network -----------------------------------------------------------------------------

    def _embedded(self, kept: list[int]) -> str:
        """The sum of the embeddings of words, positions and the one type, normalised."""
        sizes = self._sizes
        words = self._network.words()
        positions = self._network.floats("emb.pos", sizes.positions, sizes.hidden)
        types = self._network.floats("emb.type", sizes.types, sizes.hidden)
        word = self._words(Blocks(words.codes[kept], words.scales[kept]))
        length = self._node("Shape", "input_ids", start=1, end=2)
        table = self._constant("positions", positions + types[0])
        start, axis = self._constant("start", np.array([0])), self._constant("axis", np.array([0]))
        return self._normalised(self._node("Add", word, self._node("Slice", table, start, length, axis)), "emb.ln")

    def _words(self, words: Blocks) -> str:
        """The rows of the embedding matrix, each weight in 4 bits and each 32 of them with a scale."""
        packed = (words.codes[:, 0::2] | (words.codes[:, 1::2] << 4)).astype(np.uint8)
        data = self._constant_of_nibbles("words", words.codes.shape, packed)
        scales = self._constant("words.scales", words.scales.astype(np.float32))
        zeros = np.full((words.scales.shape[0], -(-words.scales.shape[1] // 2)), 0x88, np.uint8)
        zero = self._constant_of_nibbles("words.zeros", words.scales.shape, zeros)
        return self._node(
            "GatherBlockQuantized",
            data,
            "input_ids",
            scales,
            zero,
            domain=_CONTRIB,
            block_size=BLOCK,
            gather_axis=0,
            quantize_axis=1,
        )

    def _layer(self, name: str, entered: str, mask: str) -> str:
        hidden, wide = self._sizes.hidden, self._sizes.feed_forward
        attention = self._product(entered, f"{name}.qkv", [self._weights(f"{name}.{one}", hidden, hidden) for one in "qkv"])
        sizes = self._constant(f"{name}.sizes", np.array([hidden] * 3))
        query, key, value = self._nodes_of("Split", 3, attention, sizes, axis=2)
        biases = np.concatenate([self._network.floats(f"{name}.{one}.b", hidden) for one in "qkv"])
        bias = self._constant(f"{name}.qkv.b", biases)
        heads = self._sizes.heads
        attended = self._node("MultiHeadAttention", query, key, value, bias, mask, domain=_CONTRIB, num_heads=heads)
        attended = self._product(attended, f"{name}.ao", [self._weights(f"{name}.ao", hidden, hidden)])
        entered = self._normalised(self._sum(entered, attended, f"{name}.ao.b"), f"{name}.aln")
        inner = self._product(entered, f"{name}.fi", [self._weights(f"{name}.fi", wide, hidden)])
        inner = self._node(
            "BiasGelu", inner, self._constant(f"{name}.fi.b", self._network.floats(f"{name}.fi.b", wide)), domain=_CONTRIB
        )
        outer = self._product(inner, f"{name}.fo", [self._weights(f"{name}.fo", hidden, wide)], after_gelu=True)
        return self._normalised(self._sum(entered, outer, f"{name}.fo.b"), f"{name}.oln")

    def _weights(self, name: str, outputs: int, inputs: int) -> Floats:
        return self._network.matrix(f"{name}.w", outputs, inputs)

    def _product(self, entered: str, name: str, weights: list[Floats], *, after_gelu: bool = False) -> str:
        """``entered`` times the weights (outputs, inputs), side by side, in int8."""
        integers, scales = rounded(np.concatenate(weights))
        weight = self._constant(f"{name}.w", integers.T)
        scale = self._constant(f"{name}.scales", scales)
        zero = self._constant(f"{name}.zeros", np.zeros(len(scales), np.int8))
        quantisation = self._after_gelu if after_gelu else self._even
        most = self._node("ReduceMax", entered if after_gelu else self._node("Abs", entered), axes=[-1], keepdims=1)
        most = self._node("Max", most, self._gelu_least if after_gelu else self._tiny)
        quantised = self._node("QuantizeLinear", self._node("Div", entered, most), *quantisation)
        product = self._node(
            "MatMulIntegerToFloat", quantised, weight, quantisation[0], scale, quantisation[1], zero, domain=_CONTRIB
        )
        return self._node("Mul", product, most)

    def _sum(self, one: str, other: str, bias: str) -> str:
        biased = self._node("Add", other, self._constant(bias, self._network.floats(bias, self._sizes.hidden)))
        return self._node("Add", one, biased)

    def _normalised(self, entered: str, name: str) -> str:
        """A layer norm in steps: each of them runs in vectors, while onnxruntime's own operator for it adds up one by one."""
        hidden = self._sizes.hidden
        centred = self._node("Sub", entered, self._node("ReduceMean", entered, axes=[-1], keepdims=1))
        variance = self._node("MatMul", self._node("Mul", centred, centred), self._average)
        spread = self._node("Sqrt", self._node("Add", variance, self._epsilon))
        scaled = self._node(
            "Mul", self._node("Div", centred, spread), self._constant(f"{name}.w", self._network.floats(f"{name}.w", hidden))
        )
        return self._node("Add", scaled, self._constant(f"{name}.b", self._network.floats(f"{name}.b", hidden)))

    # -- nodes and constants ----------------------------------------------------------------------------------

    def _quantisation(self, name: str, steps: int, zero: int) -> tuple[str, str]:
        """Scale and zero point of a quantisation of values up to 1 in that many steps."""
        return self._constant(f"{name}.scale", np.float32(1 / steps)), self._constant(f"{name}.zero", np.uint8(zero))

    def _node(self, operator: str, *inputs: str, **attributes: Any) -> str:
        return self._nodes_of(operator, 1, *inputs, **attributes)[0]

    def _nodes_of(self, operator: str, outputs: int, *inputs: str, **attributes: Any) -> list[str]:
        from onnx import helper

        number = len(self._nodes)
        names = [f"{operator}_{number}_{output}" for output in range(outputs)]
        self._nodes.append(helper.make_node(operator, inputs, names, name=f"{operator}_{number}", **attributes))
        return names

    def _constant(self, name: str, values: Any) -> str:
        from onnx import numpy_helper

        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(values).reshape(np.shape(values)), name))
        return name

    def _constant_of_nibbles(self, name: str, shape: tuple[int, ...], packed: NDArray[np.uint8]) -> str:
        from onnx import TensorProto, helper

        self._constants.append(helper.make_tensor(name, TensorProto.UINT4, shape, packed.tobytes(), raw=True))
        return name
