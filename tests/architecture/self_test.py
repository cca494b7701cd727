#!/usr/bin/env -S python3 -B
"""Shows each checker a small tree that is right and trees that are wrong: it must say nothing of the one and name the other."""
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import arrows
import binaries
import codes
import functions
import headers
import messages
import names
import new_plugin
import schemas
import sizes
import words

ROOT = Path(__file__).resolve().parent.parent.parent
GOOD = {
    "cmake/WeirHost.cmake": "set(WEIR_ARROWS\n  base events run cli)\n",
    "host/main.cpp": '#include "cli/main.hpp"\n',
    "host/cli/main.hpp": '#include "run/run.hpp"\n',
    "host/run/run.hpp": '#include "base/error.hpp"\n#include <weir/weir.h>\n#include <vector>\n',
    "host/base/error.hpp": "#include <string>\n",
    "sdk/include/weir/weir.h": "#include <stdint.h>\n",
    "sdk/include/weir/weir.hpp": "#include <weir/weir.h>\n#include <string_view>\n",
    "plugins/csv/csv.cpp": '#include "parts/reader.hpp"\n#include "weir_plugin_info.h"\n#include <weir/weir.hpp>\n',
    "plugins/csv/parts/reader.hpp": "#include <zlib.h>\n",
    "plugins/csv/csv_test.cpp": "#include <weir_catch.hpp>\n",
    "plugins/csv/CMakeLists.txt": "weir_add_plugin(csv)\n",
}


class Tree(unittest.TestCase):
    """A test over a tree of its own, GOOD with changes."""

    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.root = Path(temporary.name).resolve()

    def tree(self, changes):
        for name, text in changes.items():
            (self.root / name).parent.mkdir(parents=True, exist_ok=True)
            (self.root / name).write_text(text, encoding="utf-8")
        return self.root

    def complains(self, found, *parts):
        self.assertEqual(1, len(found), found)
        for part in parts:
            self.assertIn(part, found[0])


class Arrows(Tree):
    def judged(self, changes):
        return arrows.problems(self.tree({**GOOD, **changes}))

    def test_a_tree_along_the_arrows_is_right(self):
        self.assertEqual([], self.judged({}))

    def test_an_include_against_the_arrows(self):
        self.complains(self.judged({"host/base/low.hpp": '\n#include "events/bus.hpp"\n', "host/events/bus.hpp": ""}),
                       "host/base/low.hpp:2", "against the arrows")

    def test_an_include_beside_the_folders(self):
        self.complains(self.judged({"host/run/two.hpp": '#include "run.hpp"\n'}), "folder/file.hpp")
        self.complains(self.judged({"host/run/two.hpp": '#include "../base/error.hpp"\n'}), "folder/file.hpp")

    def test_the_host_uses_the_wrapper_for_plugins(self):
        self.complains(self.judged({"host/run/two.hpp": "#include <weir/weir.hpp>\n"}), "which is for plugins")

    def test_a_folder_that_has_no_place(self):
        self.complains(self.judged({"host/other/x.hpp": '#include "base/error.hpp"\n'}), "order")

    def test_main_includes_more_than_cli(self):
        self.complains(self.judged({"host/main.cpp": '#include "run/run.hpp"\n'}), "cli/ alone")

    def test_a_cycle(self):
        found = self.judged({"host/run/a.hpp": '#include "run/b.hpp"\n', "host/run/b.hpp": '#include "run/a.hpp"\n'})
        self.complains(found, "cycle", "host/run/a.hpp -> host/run/b.hpp -> host/run/a.hpp")

    def test_a_plugin_that_sees_the_host(self):
        for include in ('"base/error.hpp"', "<base/error.hpp>", '"../../host/base/error.hpp"'):
            self.complains(self.judged({"plugins/csv/two.cpp": f"#include {include}\n"}), "plugins/csv/two.cpp:1")

    def test_what_a_plugin_offers_is_for_one_other(self):
        self.complains(self.judged({"plugins/json/json.cpp": '#include "../expr/condition.hpp"\n'}), "own folder")

    def test_a_plugin_that_sees_another(self):
        self.complains(self.judged({"plugins/json/json.cpp": '#include "../csv/parts/reader.hpp"\n'}), "own folder")

    def test_a_plugin_that_links_the_host(self):
        found = self.judged({"plugins/csv/CMakeLists.txt": "weir_add_plugin(csv LIBRARIES weir_base)\n"})
        self.complains(found, "plugins/csv/CMakeLists.txt:1", "weir_base")

    def test_an_sdk_that_depends_on_something(self):
        self.complains(self.judged({"sdk/include/weir/x.hpp": "#include <fmt/core.h>\n"}), "standard library")


class Names(Tree):
    def judged(self, *bodies, name="host/base/{}.cpp"):
        hidden = "namespace weir {{\nnamespace {{\n\n{}\n\n}}  // namespace\n}}  // namespace weir\n"
        return names.problems(self.tree({name.format(i): hidden.format(body) for i, body in enumerate(bodies)}))

    def test_a_name_of_any_kind_twice(self):
        for body in ("int f(int a) {\n  return a;\n}", "class f {\n};", "constexpr std::size_t e = 1, f = 2;", "using f = int;",
                     "template <class T, int N>\nauto f(T a) -> int {", "template <class T> struct f {", "constexpr Case f[] = {",
                     "const std::array<int, 2> f{1, 2};", "[[noreturn]] void f() {"):
            with self.subTest(body=body):
                self.complains(self.judged("int e2;\nvoid f();", body), "host/base/1.cpp:", "'f'", "host/base/0.cpp:5")

    def test_names_of_several_programs(self):
        self.judged("void f();")
        self.assertEqual([], self.judged("void f();", name="host/base/{}_test.cpp"))
        self.assertEqual([], self.judged("void f();", "void f();", name="tests/bad_plugins/{}.cpp"))

    def test_what_may_stand_twice(self):
        for body in ("using f = int;", "namespace fs = std::filesystem;", "using namespace test;", "void {}();\nvoid {}(int);"):
            with self.subTest(body=body):
                self.assertEqual([], self.judged(body.format("f", "f"), body.format("g", "g")))

    def test_what_stands_in_no_anonymous_namespace(self):
        self.assertEqual([], names.problems(self.tree({f"host/base/{i}.cpp": "void f();\n" for i in range(2)})))


class Sizes(Tree):
    def function(self, lines, head="int f(int a)"):
        return head + " {\n" + "  a;\n" * (lines - 2) + "}\n"

    def judged(self, text, name="host/base/x.cpp"):
        return sizes.problems(self.tree({name: text}))

    def test_what_is_just_small_enough(self):
        self.assertEqual([], self.judged("\n" * 500))
        self.assertEqual([], self.judged(self.function(70)))

    def test_a_long_file(self):
        self.complains(self.judged("\n" * 501), "host/base/x.cpp", "501")

    def test_only_the_abi_may_be_long(self):
        self.assertEqual([], self.judged("\n" * 900, "sdk/include/weir/weir.h"))

    def test_a_long_function_of_any_form(self):
        for head in ("int f(int a)", "namespace a { class B : C<int> { B(int a) : C{a}, d_(2), e_{3}", "auto f = [](int a)",
                     "template <class T> requires (sizeof(T) > 1) auto f(T a) -> int", 'extern "C" { static void f(void)',
                     "struct S { bool operator==(S a) const noexcept", 'TEST_CASE("a { b")', "struct A f(int a)",
                     "class X { public: X(int a)", "namespace { const char c = '{'; void f(std::vector<int> v = {1, 2})"):
            with self.subTest(head=head):
                depth = functions.blank(head).count("{") - functions.blank(head).count("}")
                text = "\n" * 3 + self.function(71, head)
                self.complains(self.judged(text + "}" * (depth if "{3}" not in head else 2)), "host/base/x.cpp:4", "71")

    def test_what_is_long_and_no_function(self):
        for head in ("namespace a::b", "struct S final : T", "enum class E : int", "constexpr int table[] =", "int t[]",
                     "union [[nodiscard]] U"):
            with self.subTest(head=head):
                self.assertEqual([], self.judged(head + " {\n" + "\n" * 80 + "};\n"))

    def test_braces_that_are_no_code(self):
        text = "int f() {\n// }\n/* } */ char c = '}'; auto s = \"}\"; auto r = R\"x(} \" )x\";\n#define X }\n" + "\n" * 80 + "}\n"
        self.complains(self.judged(text), ":1:", "85")

    def test_a_long_function_in_python(self):
        self.complains(self.judged("def f():\n" + "    pass\n" * 71, "scripts/x.py"), "scripts/x.py:1")


class Codes(Tree):
    PAGE = "# Error codes\n\n## plugin.not_found\nIt is not there.\n\n## run.locked\nIt runs.\n"
    HEADER = "typedef int32_t weir_status;\nenum {\n  WEIR_OK = 0,\n  WEIR_NOT_FOUND = 5\n};\n"
    SOURCE = 'auto e = make_error(a, b, "run.locked", "m"); // "run.gone"\nlog.info("run.began", "m");\n'

    def judged(self, page=PAGE, source=SOURCE):
        return codes.problems(self.tree(
            {"docs/errors.md": page, "sdk/include/weir/weir.h": self.HEADER, "host/run/run.cpp": source}))

    def test_codes_with_a_text(self):
        self.assertEqual([], self.judged())

    def test_a_code_without_a_text(self):
        self.complains(self.judged(source=self.SOURCE + 'refuse("run.odd");\n'), "host/run/run.cpp:3", "run.odd")

    def test_a_code_of_a_new_family(self):
        self.complains(self.judged(source=self.SOURCE + 'manifest_error("lane.odd", "m");\n'), "lane.odd")

    def test_a_status_without_a_text(self):
        self.complains(self.judged(self.PAGE.replace("plugin.not_found", "plugin.unknown")
                                   .replace("plugin.unknown\nIt is not there.\n\n## ", "")), "plugin.not_found")

    def test_a_text_without_a_code(self):
        self.complains(self.judged(self.PAGE + "\n## run.taken\nx\n"), "run.taken")

    def test_texts_out_of_order(self):
        self.complains(self.judged("## run.locked\nx\n## plugin.not_found\nx\n"), "in order")


class Words(Tree):
    def test_paths_that_are_on_every_machine(self):
        self.assertEqual([], words.problems(self.tree({"a.md": "build/work/x ./root/x /usr/lib /tmp/x https://example.com\n"})))

    def test_a_path_of_one_machine(self):
        for path in ("/wo" "rk/main", "/ro" "ot/x", "/ho" "me/me/x"):
            self.complains(words.problems(self.tree({"a.md": f"\nsee {path}\n"})), "a.md:2", "machine")

    def test_a_registry(self):
        for host in ("deb.debi" "an.org", "py" "pi.org", "registry.npm" "js.org", "repo1.ma" "ven.org"):
            self.complains(words.problems(self.tree({"a.md": f"https://{host}/x\n"})), "a.md:1", host)


class Schemas(Tree):
    def judged(self, option):
        about = new_plugin.schema()
        about["components"]["newborn"]["schema"]["properties"]["word"] = option
        return schemas.problems(self.tree({"plugins/newborn/schema.json": json.dumps(about)}))

    def test_an_option_is_described_and_shown(self):
        self.assertEqual([], self.judged({"type": "string", "description": "d", "examples": ["e"]}))
        self.complains(self.judged({"type": "string", "examples": ["e"]}), "properties/word", "description")
        self.complains(self.judged({"type": "string", "description": "d"}), "properties/word", "examples")


class Messages(Tree):
    SOURCE = '''// "not.this", expected nothing
fail("data.late",  // a comment
     place + "expected a day before "
             "that one, found \\"" + day, 'x', "hint: go");
'''
    GOLDEN = 'x: expected a day before that one, found "monday"\ncode: data.late\n'

    def judged(self, changes):
        whole = "".join(f'f("{part}");\n' for part in messages.UNPROVOKED)
        return messages.problems(self.tree({"host/base/x.cpp": self.SOURCE, "host/base/golden/x.txt": self.GOLDEN,
                                            "host/base/whole.cpp": whole, **changes}))

    def test_what_stands_in_a_golden_file(self):
        self.assertEqual([], self.judged({}))

    def test_a_code_that_does_not(self):
        self.complains(self.judged({"tests/golden/y.txt": "", "host/run/y.cpp": 'f("run.lost");'}), "host/run/y.cpp", "run.lost")

    def test_a_message_that_does_not(self):
        self.complains(self.judged({"host/base/golden/x.txt": self.GOLDEN.replace("before", "after")}), "day before that one")

    def test_tests_are_left_out(self):
        self.assertEqual([], self.judged({"host/base/y_test.cpp": 'f("run.lost");', "host/base/fake_x.hpp": 'f("run.lost");'}))

    def test_an_exception_that_is_none(self):
        part = next(iter(messages.UNPROVOKED))
        self.complains(self.judged({"tests/golden/y.txt": part}), "can't be provoked", part)
        self.complains(self.judged({"host/base/whole.cpp": "".join(f'f("{other}");' for other in messages.UNPROVOKED
                                                                   if other != part)}), "only errors of the host", part)


class LeavesNothing(Tree):
    """scripts/leaves_nothing.sh, around which the suite runs."""

    def run_around(self, command):
        environment = {**os.environ, "TMPDIR": str(self.root)}
        done = subprocess.run([ROOT / "scripts/leaves_nothing.sh", "sh", "-c", command], capture_output=True, text=True,
                              env=environment)
        return done.returncode, done.stderr

    def test_a_command_that_cleans_up(self):
        (self.root / "before").touch()
        self.assertEqual((0, ""), self.run_around('touch "$TMPDIR/x" "$HOME/y" && rm "$TMPDIR/x" "$HOME/y"'))
        self.assertEqual((3, ""), self.run_around("exit 3"))

    def test_a_file_in_its_folders(self):
        for where in ('"$TMPDIR/left"', '"$HOME/left"'):
            code, told = self.run_around(f"touch {where}")
            self.assertEqual(1, code)
            self.assertIn("/left", told)

    def test_a_process(self):
        code, told = self.run_around('sleep 60 >/dev/null 2>&1 </dev/null & echo $! >"$TMPDIR/process"')
        left = (self.root / "process").read_text().strip()
        os.kill(int(left), signal.SIGKILL)
        self.assertEqual(1, code)
        self.assertIn(f"process {left}: sleep 60", told)


class Binaries(Tree):
    def built(self, text, *options):
        subprocess.run(["gcc", "-shared", "-fPIC", "-xc", "-", "-xnone", *options, "-o", self.root / "x.so"], input=text, text=True,
                       check=True)
        return self.root / "x.so"

    def test_the_entry_alone_is_right(self):
        self.assertEqual([], binaries.plugin_problems([self.built("void weir_plugin_v1(void) {}")]))

    def test_another_symbol_or_none(self):
        plugin = self.built("void weir_plugin_v1(void) {}\nvoid second(void) {}")
        self.complains(binaries.plugin_problems([plugin]), "second")
        self.complains(binaries.plugin_problems([self.built("static int none;")]), "found []")
        self.complains(binaries.plugin_problems([]), "found none")

    def test_a_program_that_links_a_plugins_library(self):
        self.assertEqual([], binaries.program_problems(self.built("int x;")))
        library = self.built("int foreign;", "-Wl,-soname,libz.so.1").rename(self.root / "libz.so")
        program = self.built("extern int foreign; int f(void) { return foreign; }", library)
        self.complains(binaries.program_problems(program), "libz.so")

    def test_a_program_that_exports_something(self):
        self.assertEqual([], binaries.program_exports(self.built("static int none;")))
        self.complains(binaries.program_exports(self.built("int seen;")), "seen")


class Headers(Tree):
    GOOD = "#include <stddef.h>\nstruct weir_x {\n  size_t size;\n  int (*call)(const struct weir_x *self);\n};\n"

    def test_a_header_of_the_abi_is_strict(self):
        self.assertEqual([], headers.header_problems(self.tree({"weir/x.h": self.GOOD})))

    def test_a_header_that_is_not(self):
        for text in ("struct weir_x { size_t size; };\n", "struct weir_x {\n  int a;\n  long b;\n};\n",
                     "class weir_x {};\n", "struct weir_x { int class; };\n"):
            with self.subTest(text=text):
                self.assertTrue(headers.header_problems(self.tree({"weir/x.h": text})))

    def test_a_layout_that_moved_or_lacks_a_field(self):
        include = self.tree({"weir/x.h": self.GOOD})
        layout = self.root / "layout.h"
        headers.make_layout.write(include, layout)
        self.assertEqual([], headers.layout_problems(include, layout))
        self.tree({"weir/x.h": self.GOOD.replace("size_t size;", "size_t size;\n  size_t more;")})
        found = headers.layout_problems(include, layout)
        self.assertEqual(1 + len(headers.COMPILERS), len(found), found)
        self.assertIn("weir_x.more", found[0])

    def test_bindings_that_are_not_made_of_the_headers(self):
        shutil.copytree(ROOT / "sdk/include", self.root / "sdk/include")
        made = headers.make_bindings.made(self.root)
        self.assertEqual(len(made), len(headers.make_bindings.different(self.root)))
        self.tree({name: text for name, text in made.items()})
        self.assertEqual([], headers.make_bindings.different(self.root))
        header = self.root / "sdk/include/weir/weir.h"
        header.write_text(header.read_text().replace("  int64_t rows, bytes;", "  int64_t rows, bytes, more;"))
        found = headers.make_bindings.different(self.root)
        self.assertEqual(["sdk/rust/src/abi.rs", "sdk/rust/tests/layout.rs", "sdk/go/layout.go"], [problem.split(":")[0] for problem in found])

    def test_a_compiler_that_is_missing(self):
        self.assertIn("install-packages", headers.complaints(["no-such-compiler"], ""))


class PluginInfo(Tree):
    """The mistakes of a schema.json, each told with its place."""

    def judged(self, text):
        schema = self.tree({"schema.json": text}) / "schema.json"
        script = (f'include("{ROOT}/sdk/cmake/WeirPlugin.cmake")\n'
                  f'weir_generate_plugin_info(newborn "{schema}" "{self.root}/weir_plugin_info.h")\n')
        done = subprocess.run(["cmake", "-P", self.tree({"x.cmake": script}) / "x.cmake"], capture_output=True, text=True)
        return done.returncode, " ".join(done.stderr.split())

    def wrong(self, path, value):
        about = new_plugin.schema()
        *steps, last = path
        place = about
        for step in steps:
            place = place[step]
        place[last] = value
        if value is None:
            del place[last]
        return self.judged(json.dumps(about))

    def test_a_right_one(self):
        self.assertEqual((0, ""), self.judged(json.dumps(new_plugin.schema())))

    def test_mistakes(self):
        component = ("components", "newborn")
        for path, value, words_of_it in (
                (["name"], "other", 'expected "newborn"'), (["version"], "1.0", "semantic version"),
                (["license"], None, "/license: expected a text"), (["summary"], 3, "/summary: expected a text, found NUMBER"),
                (["components"], {}, "a member for each component"), (["components", "Big-Name"], {}, "expected a name of"),
                ([*component, "kind"], "source", "expected one of extractor"), ([*component, "description"], "", "empty"),
                ([*component, "schema"], {"type": "string"}, 'type "object"'),
                ([*component, "schema", "additionalProperties"], None, "misspelt"),
                ([*component, "schema", "properties", "word", "description"], None, "/word/description: expected a text")):
            with self.subTest(path=path):
                code, error = self.wrong(path, value)
                self.assertEqual(1, code)
                self.assertIn(words_of_it, error)

    def test_a_text_that_is_no_json(self):
        code, error = self.judged('{"name": ')
        self.assertEqual(1, code)
        self.assertIn("expected JSON", error)


if __name__ == "__main__":
    sys.exit(not unittest.main(exit=False, verbosity=1).result.wasSuccessful())
