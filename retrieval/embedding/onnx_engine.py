"""The light runtime: sentence-transformers folders that hold an ONNX model, run by onnxruntime and ``tokenizers`` alone."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.embedding.batching import batches, by_length
from retrieval.embedding.model_folder import ModelFolder, folder_hash
from retrieval.embedding.processor import usable_cores
from retrieval.embedding.vectors import Vectors
from retrieval.errors import DamagedModel
from retrieval.messages import message

# Tokens of a batch, padding included. More of them are no faster and take more memory (512: some 35 MB on two cores), and a
# question waits for the core that a batch is on.
BATCH_TOKENS = 256
_TOKENISED_AHEAD = 256  # texts that are cut into tokens at once, while the batches of those before are computed
_WAITING = 4  # batches for each core that may wait: enough for none to stand still
_QUERY_TOKENS = 128  # some 180 characters; five hundred take three times as long, and everybody else waits
_OUTPUTS = ("last_hidden_state", "token_embeddings")
_ONLY_ERRORS = 3  # the severity from which onnxruntime writes to standard error


class OnnxEmbedder:
    """An embedder by the model in ``folder``. May be shared by threads; nothing is loaded before the first text.

    A text is computed by one core, and as many batches at once as there are cores: cores that share the work of
    one batch wait for each other in each of its steps. A question goes past the batches that wait.
    Raises DamagedModel when the model can't be loaded or isn't what its folder says.
    """

    learned = False

    def __init__(self, folder: ModelFolder, fingerprint: str | None = None, threads: int | None = None) -> None:
        self.folder = folder
        self.threads = threads or usable_cores()
        self._fingerprint = fingerprint
        self._loading = threading.Lock()
        self._session: Any = None
        self._tokenizer: Any = None
        self._inputs: tuple[str, ...] = ()
        self._output = ""
        self._dimension = 0
        self._padding = 0
        self._cores: ThreadPoolExecutor | None = None

    @property
    def fingerprint(self) -> str:
        if self._fingerprint is None:
            self._fingerprint = f"onnx:{folder_hash(self.folder.path)}"
        return self._fingerprint

    @property
    def dimension(self) -> int:
        self.load()
        return self._dimension

    def embed_passages(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        """Vectors of shape ``(len(texts), dimension)``; ``progress`` is told how many are done."""
        cores = self.load()
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        waiting: deque[tuple[Future[Vectors], NDArray[np.intp]]] = deque()
        done = 0

        def finish() -> None:
            nonlocal done
            future, positions = waiting.popleft()
            vectors[positions] = future.result()
            done += len(positions)
            if progress:
                progress(done)

        order = np.array(by_length([len(text) for text in texts]), dtype=np.intp)
        try:
            for start in range(0, len(order), _TOKENISED_AHEAD):
                chunk = order[start : start + _TOKENISED_AHEAD]
                tokens = self._tokens([self.folder.document_prompt + texts[position] for position in chunk])
                for batch in batches([len(one) for one in tokens], BATCH_TOKENS):
                    while len(waiting) >= self.threads * _WAITING:
                        finish()
                    waiting.append((cores.submit(self._embed, [tokens[one] for one in batch]), chunk[batch]))
            while waiting:
                finish()
        finally:
            for future, _ in waiting:
                future.cancel()
        return vectors

    def embed_query(self, text: str) -> Vectors:
        """A vector of shape ``(dimension,)``; of a text longer than any question is, of its beginning."""
        self.load()
        (tokens,) = self._tokens([self.folder.query_prompt + text])
        if len(tokens) > _QUERY_TOKENS:
            tokens = [*tokens[: _QUERY_TOKENS - 1], tokens[-1]]
        return np.asarray(self._embed([tokens])[0])

    def load(self) -> ThreadPoolExecutor:
        """Loads the model where it isn't yet; the threads that batches are computed in."""
        with self._loading:
            if self._cores is None:
                cores = ThreadPoolExecutor(self.threads, thread_name_prefix="embedding")
                try:
                    self._load(cores)
                except Exception as error:  # onnxruntime and tokenizers each fail in ways of their own
                    cores.shutdown()
                    raise DamagedModel(folder=self.folder.path, reason=message("embedder.unloadable")) from error
                self._cores = cores
            return self._cores

    def _load(self, cores: ThreadPoolExecutor) -> None:
        """Loads the network here and the tokenizer beside it: only the network lets go of Python's lock meanwhile."""
        import onnxruntime

        opening = cores.submit(self._open_tokenizer)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        # What a batch needs goes back to the system, and no plan is kept for each shape of a batch.
        options.enable_cpu_mem_arena = options.enable_mem_pattern = False
        options.log_severity_level = _ONLY_ERRORS
        self._session = onnxruntime.InferenceSession(str(self.folder.onnx), options, providers=["CPUExecutionProvider"])
        self._tokenizer = opening.result()
        outputs = {output.name: output.shape for output in self._session.get_outputs()}
        self._output = next((name for name in _OUTPUTS if name in outputs), next(iter(outputs)))
        self._inputs = tuple(given.name for given in self._session.get_inputs())
        self._padding = self._tokenizer.token_to_id(self.folder.padding) or 0
        self._dimension = self._run([self._tokenizer.encode("").ids]).shape[-1]

    def _open_tokenizer(self) -> Any:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self.folder.path / "tokenizer.json"))
        tokenizer.enable_truncation(self.folder.longest)
        tokenizer.no_padding()
        return tokenizer

    def _tokens(self, texts: list[str]) -> list[list[int]]:
        return [one.ids for one in self._tokenizer.encode_batch_fast(texts)]

    def _embed(self, tokens: list[list[int]]) -> Vectors:
        """Vectors of unit length of one batch."""
        hidden = self._run(tokens)
        if self.folder.pooling == "cls":
            pooled = hidden[:, 0]
        elif self.folder.pooling == "max":
            pooled = np.stack([row[: len(one)].max(axis=0) for row, one in zip(hidden, tokens, strict=True)])
        else:
            pooled = np.stack([row[: len(one)].mean(axis=0) for row, one in zip(hidden, tokens, strict=True)])
        lengths = np.linalg.norm(pooled, axis=1, keepdims=True)
        vectors: Vectors = (pooled / np.maximum(lengths, np.finfo(np.float32).tiny)).astype(np.float32)
        return vectors

    def _run(self, tokens: list[list[int]]) -> Vectors:
        """The hidden states of a batch: (texts, tokens of the longest, dimension)."""
        shape = len(tokens), max(len(one) for one in tokens)
        given = {"input_ids": np.full(shape, self._padding, np.int64)}
        given["attention_mask"] = np.zeros(shape, np.int64)
        given["token_type_ids"] = np.zeros(shape, np.int64)
        for row, one in enumerate(tokens):
            given["input_ids"][row, : len(one)] = one
            given["attention_mask"][row, : len(one)] = 1
        (hidden,) = self._session.run([self._output], {name: given[name] for name in self._inputs})
        if hidden.ndim != 3:
            raise DamagedModel(folder=self.folder.path, reason=message("embedder.unloadable"))
        states: Vectors = hidden
        return states
