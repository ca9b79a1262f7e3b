"""The parts of training: optimiser, batches, and what is stored of a graph."""

from __future__ import annotations

import os
import unittest
from pathlib import Path
from tempfile import TemporaryDirectory

# ONNX Runtime asks for it when it is loaded.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import numpy as np
import onnx
import onnxruntime as ort
import torch
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer

from headlight_train.export.graph import store_as_half
from headlight_train.training.masked_tokens import NOT_HIDDEN, MaskedTokens, paragraph_windows
from headlight_train.models import build_model, translation_config
from headlight_train.training.optimizer import MuonWithAdamW, orthogonalized
from headlight_train.training.sequence_pairs import SequencePairs
from headlight_train.tokenizer import SpecialIds, train_pair_tokenizer, train_word_piece_tokenizer

TEXTS = ["open the file", "close the file", "打开 3 个文件", "关闭文件", "the file is empty"]


class OptimizerTest(unittest.TestCase):
    def test_orthogonalized_keeps_directions(self) -> None:
        torch.manual_seed(0)
        matrices = torch.randn(2, 12, 20)
        values = torch.linalg.svdvals(orthogonalized(matrices))
        self.assertLess(values.max().item(), 1.3)
        self.assertGreater(values.min().item(), 0.5)
        left, _, right = torch.linalg.svd(matrices, full_matrices=False)
        along = (left.mT @ orthogonalized(matrices) @ right.mT).diagonal(dim1=1, dim2=2)
        self.assertTrue((along > 0.5).all())

    def test_both_kinds_of_parameters_move(self) -> None:
        torch.manual_seed(0)
        model = torch.nn.Sequential(torch.nn.Embedding(9, 4), torch.nn.Linear(4, 6),
                                    torch.nn.Linear(6, 9))
        optimizer = MuonWithAdamW(model, 0.0)
        before = [p.detach().clone() for p in model.parameters()]
        losses = []
        for _ in range(30):
            for group in optimizer.param_groups:
                group["lr"] = 0.05
            loss = torch.nn.functional.cross_entropy(model(torch.arange(9)), torch.arange(9))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        self.assertLess(losses[-1], 0.5 * losses[0])
        for old, new in zip(before, model.parameters()):
            self.assertFalse(torch.equal(old, new))


class TokenizedTest(unittest.TestCase):
    def setUp(self) -> None:
        self._folder = TemporaryDirectory()
        self.addCleanup(self._folder.cleanup)

    def folder(self) -> Path:
        return Path(self._folder.name)

    def pairs(self) -> Tokenizer:
        train_pair_tokenizer(TEXTS * 9, 120, 32, 60, self.folder())
        return Tokenizer.from_file(str(self.folder() / "tokenizer.json"))

    def test_pair_tokenizer_gives_texts_back(self) -> None:
        tokenizer = self.pairs()
        for text in TEXTS:
            ids = tokenizer.encode(text).ids
            self.assertEqual(ids[-1], SpecialIds.of(tokenizer).end)
            self.assertEqual(tokenizer.decode(ids[:-1]), text)
        self.assertIn(SpecialIds.of(tokenizer).unknown, tokenizer.encode("Ж").ids)

    def test_batches_repeat_for_the_same_step(self) -> None:
        tokenizer = self.pairs()
        task = SequencePairs(
            lambda random, count: [(TEXTS[i % 2], TEXTS[2 + i % 2])
                                   for i in random.integers(9, size=count)],
            tokenizer, batch=4, longest=(16, 16), label_smoothing=0.0, seed=1)
        first = task.batches(0)
        steps = [next(first) for _ in range(53)]
        later = next(task.batches(52))
        self.assertTrue(torch.equal(steps[52]["source"], later["source"]))

    def test_first_copies_are_random_tokens_that_grow_longer(self) -> None:
        tokenizer = self.pairs()
        ids = SpecialIds.of(tokenizer)
        task = SequencePairs(lambda random, count: [(TEXTS[0], TEXTS[2])] * count, tokenizer,
                             batch=4, longest=(64, 48), label_smoothing=0.0, seed=1, copies=300)
        batches = task.batches(0)
        copied = [next(batches) for _ in range(300)]
        for inputs in copied:
            self.assertTrue(torch.equal(inputs["source"], inputs["target"]))
            self.assertTrue((inputs["source"][:, -1] == ids.end).all())
            self.assertFalse(torch.isin(inputs["source"][:, :-1],
                                        torch.tensor([ids.pad, ids.end, ids.unknown])).any())
        widths = [inputs["source"].shape[1] for inputs in copied]
        self.assertLessEqual(max(widths[:20]), 11)
        self.assertGreater(max(widths), 30)
        text = next(batches)
        self.assertFalse(torch.equal(text["source"], text["target"]))

    def test_padding_does_not_change_the_loss(self) -> None:
        tokenizer = self.pairs()
        pad = SpecialIds.of(tokenizer).pad
        config = translation_config(SpecialIds.of(tokenizer))
        model = build_model(config).eval()
        task = SequencePairs(lambda *_: [], tokenizer, 1, (9, 9), 0.0, 1)
        source, target = (torch.tensor([tokenizer.encode(t).ids]) for t in (TEXTS[0], TEXTS[3]))
        wide = [torch.nn.functional.pad(t, (0, 3), value=pad) for t in (source, target)]
        plain, _ = task.loss(model, {"source": source, "target": target})
        padded, tokens = task.loss(model, {"source": wide[0], "target": wide[1]})
        self.assertAlmostEqual(plain.item(), padded.item(), places=4)
        self.assertEqual(tokens, source.numel() + target.numel())

    def test_masks_hide_words_only(self) -> None:
        english = [t for t in TEXTS if t.isascii()]
        train_word_piece_tokenizer(english * 9, 60, 16, self.folder())
        tokenizer = Tokenizer.from_file(str(self.folder() / "tokenizer.json"))
        windows = paragraph_windows(english, tokenizer, 8)
        task = MaskedTokens(windows, tokenizer, 2, seed=3)
        short = MaskedTokens(windows, tokenizer, 2, seed=3, pieces=((1, 4),))
        self.assertEqual([next(short.batches(step))["ids"].shape[1] for step in (0, 1)], [4, 8])
        inputs = next(task.batches(0))
        hidden = inputs["labels"] != NOT_HIDDEN
        self.assertTrue((inputs["labels"][hidden] > 4).all())
        self.assertGreater(int(hidden.sum()), 0)
        self.assertTrue(((inputs["ids"] == 4) <= hidden).all())


class GraphTest(unittest.TestCase):
    def test_half_precision_computes_the_same(self) -> None:
        weight = np.random.default_rng(0).normal(size=(64, 32)).astype(np.float16)
        graph = helper.make_graph(
            [helper.make_node("MatMul", ["x", "w"], ["y"])], "g",
            [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 64])],
            [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 32])],
            [numpy_helper.from_array(weight.astype(np.float32), "w")])
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8)
        before = model.SerializeToString()
        store_as_half(model)
        onnx.checker.check_model(model, full_check=True)
        after = model.SerializeToString()
        self.assertLess(len(after), 0.6 * len(before))
        x = np.ones((1, 64), np.float32)
        results = [ort.InferenceSession(m, providers=["CPUExecutionProvider"]).run(None, {"x": x})[0]
                   for m in (before, after)]
        np.testing.assert_array_equal(*results)

    def test_weights_that_are_not_rounded_are_refused(self) -> None:
        graph = helper.make_graph([], "g", [], [], [
            numpy_helper.from_array(np.full((64, 64), 0.1, np.float32), "w")])
        with self.assertRaises(ValueError):
            store_as_half(helper.make_model(graph))


if __name__ == "__main__":
    unittest.main()
