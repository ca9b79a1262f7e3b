"""Tests of the translator's real text: readers, cleaning, split; and of the baseline."""

from __future__ import annotations

import csv
import json
import struct
import tempfile
import unittest
from pathlib import Path

from headlight_train.data.catalogue_sources import (
    CATALOGUES,
    read_chromium,
    read_gettext,
    read_json,
    read_typescript,
    read_vscode,
)
from headlight_train.data.catalogues import (
    FREE_SET,
    MEASURED_WORDS,
    is_held_out,
    split_pairs,
    words,
)
from headlight_train.data.gettext_catalogue import mo_pairs, po_pairs
from headlight_train.data.json_catalogue import json_messages
from headlight_train.data.messages import diagnostic_paragraphs, diagnostics
from headlight_train.data.nls import bundle_pairs, indexed_messages, localize_calls
from headlight_train.data.pairs import Pair, clean_chinese, clean_pair
from headlight_train.data.pak import pak_files, pak_strings
from headlight_train.evaluation.word_for_word import word_for_word

LEXICON = {
    "nouns": "en\tplural\tzh\tmeasure\tclasses\nfile\t\t文件\t个\tfile\n"
             "source code\t-\t源代码\t-\tcode\ncode\t-\t代码\t-\tcode\n"
             "directory\t\t目录\t个\tfile\n",
    "verbs": "en\tthird\tpast\tparticiple\ting\tzh\tsubject\tobject\n"
             "open\t\t\t\t\t打开\tperson\tfile\nread\t\tread\tread\t\t读取\tperson\tfile\n",
    "adjectives": "en\tzh\tpredicate\tclasses\nlarge\t大\t很大\tfile\n",
    "adverbs": "en\tzh\tkind\nagain\t再次\tfrequency\n",
    "times": "en\tzh\tposition\n",
    "places": "en\tzh\n",
    "names": "name\tkind\n",
}


def compiled(messages: dict[str, str], order: str = "<") -> bytes:
    """A .mo file, laid out as the gettext manual describes it."""
    strings = [text.encode() for side in (messages, messages.values()) for text in side]
    header, tables, body = 28, 8 * len(strings), b""
    entries = b""
    for text in strings:
        entries += struct.pack(order + "2I", len(text), header + tables + len(body))
        body += text + b"\0"
    return struct.pack(order + "7I", 0x950412DE, 0, len(messages), header,
                       header + 8 * len(messages), 0, 0) + entries + body


def packed(strings: dict[int, str], aliases: dict[int, int] | None = None) -> bytes:
    """A .pak file of version 5; aliases point to the index of a string."""
    aliases = aliases or {}
    start = 12 + 6 * (len(strings) + 1) + 4 * len(aliases)
    entries, body = b"", b""
    for resource, text in strings.items():
        entries += struct.pack("<HI", resource, start + len(body))
        body += text.encode()
    entries += struct.pack("<HI", 0, start + len(body))
    for resource, index in aliases.items():
        entries += struct.pack("<HH", resource, index)
    return struct.pack("<IB3xHH", 5, 1, len(strings), len(aliases)) + entries + body


class Readers(unittest.TestCase):
    """One small sample of each file format."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def write(self, path: str, content: str | bytes) -> None:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)

    def test_compiled_gettext_in_both_byte_orders(self) -> None:
        messages = {"": "Language: zh_CN\n", "Open": "打开", "menu\x04Close": "关闭",
                    "%d file\0%d files": "%d 个文件", "Untranslated": ""}
        for order in "<>":
            with self.subTest(order):
                self.assertEqual(list(mo_pairs(compiled(messages, order))),
                                 [("Open", "打开"), ("Close", "关闭"),
                                  ("%d files", "%d 个文件")])
        with self.assertRaisesRegex(ValueError, "magic"):
            list(mo_pairs(b"PK\3\4" + bytes(40)))

    def test_gettext_source_leaves_out_fuzzy_and_obsolete_messages(self) -> None:
        source = "\n\n".join([
            'msgid ""\nmsgstr "Language: zh_CN\\n"',
            '#: a.c:1\n#, c-format\nmsgid "could not "\n"open \\"%s\\""\nmsgstr "无法打开“%s”"',
            '#, fuzzy\nmsgid "Close"\nmsgstr "打开"',
            'msgid "one row"\nmsgid_plural "%d rows"\nmsgstr[0] "%d 行"',
            '#~ msgid "Old"\n#~ msgstr "旧"',
            'msgid "Later"\nmsgstr ""',
        ])
        self.assertEqual(list(po_pairs(source)),
                         [('could not open "%s"', "无法打开“%s”"), ("%d rows", "%d 行")])

    def test_gettext_files_are_found_by_language(self) -> None:
        self.write("usr/zh_CN/LC_MESSAGES/a.mo", compiled({"Open": "打开"}))
        self.write("usr/zh_TW/LC_MESSAGES/a.mo", compiled({"Open": "開啟"}))
        self.write("usr/zh_CN/LC_MESSAGES/b.po", 'msgid "Close"\nmsgstr "关闭"\n')
        self.write("usr/zh_CN/LC_MESSAGES/other.mo", compiled({"Other": "其他"}))
        found = read_gettext((self.folder,), ("zh_CN/LC_MESSAGES/*.mo", "zh_CN/LC_MESSAGES/*.po"),
                             exclude="other*")
        self.assertEqual(list(found), [("Open", "打开"), ("Close", "关闭")])

    def test_typescript_pairs_messages_by_key(self) -> None:
        module = ('var Diagnostics = {\n'
                  '  A: diag(1005, 1 /* Error */, "_0_expected_1005", "\'{0}\' expected."),\n'
                  '  B: diag(1006, 1 /* Error */, "New_1006", "A \\"new\\" one."),\n};')
        self.assertEqual(diagnostics(module), {"_0_expected_1005": "'{0}' expected.",
                                               "New_1006": 'A "new" one.'})
        self.assertEqual(diagnostic_paragraphs(module), ["'{0}' expected.", 'A "new" one.'])
        self.write("package/lib/typescript.js", module)
        self.write("package/lib/zh-cn/diagnosticMessages.generated.json",
                   json.dumps({"_0_expected_1005": "应为“{0}”。", "Other_1": "其他"}))
        self.assertEqual(list(read_typescript((self.folder,))),
                         [("'{0}' expected.", "应为“{0}”。")])

    def test_vscode_pairs_messages_by_index(self) -> None:
        module = ("const a = localize(1, 'Can\\'t open {0}', name);\n"
                  'const b = localize2(3, "Close");\nlocalize(2, "a" + "b");\nrelocalize(0, "x")')
        self.assertEqual(localize_calls(module), {1: "Can't open {0}", 3: "Close"})
        pack = 'var content = [\n\t"零",\n\t"无法打开 {0}",\n\tundefined,\n\t"关闭"\n];\nexport {};'
        self.assertEqual(indexed_messages(pack), ["零", "无法打开 {0}", None, "关闭"])
        bundle = json.dumps({"contents": {"bundle": {
            "Yes": "是", "Now/A translator's comment": "现在"}, "package": {"title": "标题"}}})
        self.assertEqual(list(bundle_pairs(bundle)), [("Yes", "是")])
        self.write("pack/package/translations/main.i18n.json.js", pack)
        self.write("pack/package/translations/extensions/git.json", bundle)
        self.write("api/package/a.js", module)
        self.assertEqual(list(read_vscode((self.folder / "pack", self.folder / "api"))),
                         [("Can't open {0}", "无法打开 {0}"), ("Close", "关闭"), ("Yes", "是")])
        with self.assertRaisesRegex(ValueError, "no array"):
            indexed_messages("export {};")

    def test_chromium_pairs_strings_by_resource(self) -> None:
        self.assertEqual(pak_strings(packed({7: "Open", 9: "Close"}, {12: 0})),
                         {7: "Open", 9: "Close", 12: "Open"})
        with self.assertRaisesRegex(ValueError, "version 4"):
            pak_strings(b"\4\0\0\0" + packed({7: "Open"})[4:])
        info = "IDS_A,7,../../ui/strings/ui.grd\nIDS_B,9,../../third_party/x/x.grd\n"
        self.assertEqual(pak_files(info)[9], "../../third_party/x/x.grd")
        locales = "usr/lib/chromium/locales"
        self.write(f"en/{locales}/en-US.pak", packed({7: "Open", 9: "Close", 10: "Unlisted"}))
        self.write(f"zh/{locales}/zh-CN.pak", packed({7: "打开", 9: "关闭", 10: "未列出"}))
        self.write(f"zh/{locales}/zh-CN.pak.info", info)
        self.assertEqual(list(read_chromium((self.folder / "en", self.folder / "zh"))),
                         [("Open", "打开")])

    def test_json_trees_are_paired_by_path(self) -> None:
        self.assertEqual(json_messages('{"a": {"b": "x"}, "c": "y", "d": 3}'),
                         {("a", "b"): "x", ("c",): "y"})
        self.write("en-US/editor.json", '{"a": {"ok": "Done"}, "b": "Only here"}')
        self.write("zh-CN/editor.json", '{"a": {"ok": "完成"}}')
        self.write("en-US/other.json", '{"a": "No translation"}')
        found = read_json((self.folder,), english="en-US/*.json", chinese="zh-CN/*.json")
        self.assertEqual(list(found), [("Done", "完成")])


class Cleaning(unittest.TestCase):
    """What a pair looks like afterwards, and which pairs are left out."""

    def test_pairs_are_set_uniformly(self) -> None:
        for en, zh, clean_en, clean_zh in [
            ("&&Save As…", "另存为(&&S)…", "Save As...", "另存为..."),
            ("E&xit\tCtrl+Q", "退出(&X)\tCtrl+Q", "Exit", "退出"),
            ("File \u201c%s\u201d not found.", '找不到文件 "%s"', 'File "%s" not found.',
             "找不到文件“%s”。"),
            ("Error: {0}", "错误: {0}", "Error: {0}", "错误：{0}"),
            ("Show the first {0} lines", "显示前{0}行", "Show the first {0} lines",
             "显示前 {0} 行"),
            ("Only <b>you</b> see it", "只有<b>您</b>能看到", "Only you see it", "只有你能看到"),
            ("  -q, --quiet      print less\n", "  -q, --quiet      减少输出\n", "print less",
             "减少输出"),
            ("Learn [more](https://example.org).", "了解[更多](https://example.org)。",
             "Learn more.", "了解更多。"),
            ('trigger "%s" of table "%s"', '表 "%2$s" 的触发器 "%1$s"',
             'trigger "%1$s" of table "%2$s"', "表“%2$s”的触发器“%1$s”"),
            ("Delay (in seconds)", "延迟 (以秒为单位)", "Delay (in seconds)",
             "延迟（以秒为单位）"),
        ]:
            with self.subTest(en):
                self.assertEqual(clean_pair(en, zh), Pair(clean_en, clean_zh))

    def test_full_width_punctuation_stays(self) -> None:
        text = "如果文件为空，则跳过；否则，读取“{0}”（见下文）。"
        self.assertEqual(clean_chinese(text), text)
        self.assertEqual(clean_chinese("ＵＴＦ８编码：１６位"), "UTF8 编码：16 位")

    def test_bad_pairs_are_named(self) -> None:
        for en, zh, reason in [
            ("Open the file", "Open the file", "not translated"),
            ("Open {0} in {1}", "在 {0} 中打开", "placeholders"),
            ("Value of %(name)s", "%(nom)s 的值", "placeholders"),
            ("%s: %d", "%s：%d", "english"),
            ("Open", "", "empty"),
            ("word " * 61, "词" * 61, "too long"),
            ("{n, plural, =1 {file} other {files}}", "{n, plural, other {个文件}}", "markup"),
            ("See <link>here</link> now", "现在看<link>这里</link>", "markup"),
            ("Cannot find the option 'paths' anywhere", '找不到 "paths“选项', "quotation marks"),
            ("No", "这是一个长得多的句子，不可能是翻译", "length ratio"),
            ("A sentence that goes on for quite a while and says a good deal", "句子",
             "length ratio"),
        ]:
            with self.subTest(en):
                self.assertEqual(clean_pair(en, zh), reason)


class Splitting(unittest.TestCase):
    """Held-out text is chosen first and does not come back in training."""

    # Similar sentences on purpose: some are near-duplicates of others.
    TEXTS = [f"{verb} the {noun} of the {owner}"
             for verb in ("Open", "Close", "Read", "Write", "Move", "Copy", "Send", "Lock")
             for noun in ("file", "table", "page", "image", "row", "key", "log", "menu")
             for owner in ("server", "user", "editor")]

    def rows(self) -> list[tuple[str, str]]:
        return [(text, f"译文{'甲乙丙丁戊己庚辛'[i % 8] * 3}{i}") for i, text in
                enumerate(self.TEXTS)]

    def test_held_out_words_do_not_come_back(self) -> None:
        split = split_pairs({"a": self.rows()}, set())
        self.assertTrue(split.held_out and split.train)
        self.assertEqual([row for row in split.held_out if not is_held_out(row.en)], [])
        held_out = {tuple(words(row.en)) for row in split.held_out}
        self.assertEqual([r for r in split.train if tuple(words(r.en)) in held_out], [])
        self.assertEqual(split.dropped["a"]["near held-out text"],
                         len(self.TEXTS) - len(split.train) - len(split.held_out))

    def test_the_choice_ignores_numbers_placeholders_and_case(self) -> None:
        text = next(text for text in self.TEXTS if is_held_out(text))
        self.assertTrue(is_held_out(f"{text.upper()} {{0}} %s 12."))

    def test_a_whole_source_is_held_out_with_its_near_duplicates(self) -> None:
        split = split_pairs({
            "whole": [("Enter a valid address of the mail server here.", "在此输入有效地址。"),
                      ("Delete", "删除")],
            "other": [("Enter a valid address of the mail server here: %s", "输入有效地址：%s"),
                      ("Enter a valid address of the mail server", "输入邮件服务器的有效地址"),
                      ("Delete", "删除"), ("Completely unrelated words", "完全无关的词语")],
        }, {"whole"}, measured=["Completely unrelated words!"])
        self.assertEqual([row.en for row in split.held_out],
                         ["Enter a valid address of the mail server here."])
        self.assertEqual(split.train, [])
        self.assertEqual(split.dropped["whole"], {"too short to measure": 1})
        self.assertEqual(split.dropped["other"], {"repeated": 1, "near held-out text": 3})

    def test_the_most_frequent_translation_is_kept_once(self) -> None:
        split = split_pairs({"a": [("Cancel", "撤销")], "b": [("Cancel", "取消")],
                             "c": [("Cancel", "取消")]}, set())
        self.assertEqual([(row.source, row.zh) for row in split.train], [("a", "取消")])

    def test_measured_texts_have_several_words(self) -> None:
        split = split_pairs({"a": self.rows()}, {"a"})
        self.assertTrue(all(len(words(row.en)) >= MEASURED_WORDS for row in split.held_out))


class Sources(unittest.TestCase):
    """The declarations: permissive licences, one catalogue held out."""

    def test_licences_are_permissive(self) -> None:
        licences = {source.licence for c in CATALOGUES for source in c.packages}
        self.assertLessEqual(licences, {"Apache-2.0", "MIT", "PostgreSQL", "BSD-3-Clause"})
        self.assertEqual([c.name for c in CATALOGUES if c.held_out], ["django"])

    def test_free_set_is_complete_and_set_like_the_rest(self) -> None:
        with FREE_SET.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
        kinds = [row["kind"] for row in rows]
        self.assertEqual((kinds.count("domain"), kinds.count("other")), (80, 40))
        self.assertEqual(len({row["en"] for row in rows}), 120)
        for row in rows:
            self.assertEqual(clean_pair(row["en"], row["zh"]), Pair(row["en"], row["zh"]))


class WordForWord(unittest.TestCase):
    """The baseline, on a lexicon of a few words."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        for table, text in LEXICON.items():
            (self.folder / f"{table}.tsv").write_text(text, encoding="utf-8")

    def test_words_forms_and_unknown_words(self) -> None:
        for en, zh in [
            ("Open the files again.", "打开文件再次。"),
            ("The user's source code is larger", "user 的源代码是更大"),
            ("Reading directories, not code", "读取目录，不代码"),
            ("Foo bar the '{0}' of version 1.5", "Foo bar'{0}'的 version 1.5"),
            ("", ""),
        ]:
            with self.subTest(en):
                self.assertEqual(word_for_word(en, self.folder), zh)


if __name__ == "__main__":
    unittest.main()
