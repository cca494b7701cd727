"""A new plugin is one new folder and no edit elsewhere: this makes one, and both the repository's build and an installed SDK
build it as it is. And a schema.json with a mistake stops the configuration with the place of the mistake."""
import json
import os
import subprocess
import tempfile
from pathlib import Path

import binaries

SOURCE = """#include "weir_plugin_info.h"

const struct weir_plugin *weir_plugin_v1(void) {
  static const struct weir_plugin plugin = {
      sizeof(struct weir_plugin), WEIR_ABI, WEIR_ABI, WEIR_STRING(WEIR_PLUGIN_NAME), WEIR_STRING(WEIR_PLUGIN_VERSION),
      NULL, NULL, 0, NULL};
  return &plugin;
}

int a_symbol_that_stays_inside(void);
int a_symbol_that_stays_inside(void) { return weir_about_newborn[0]; }
"""
PROJECT = """cmake_minimum_required(VERSION 3.25)
project(stranger C CXX)
find_package(weir REQUIRED)
weir_add_plugin(newborn)
"""


def schema():
    options = {"type": "object", "additionalProperties": False,
               "properties": {"word": {"type": "string", "description": "Says; [a] \"word\" \\ ü.", "examples": ["a;b"]}}}
    newborn = {"kind": "transformer", "summary": "Does nothing.", "description": "Long.\n" * 900, "schema": options}
    return {"name": "newborn", "version": "1.2.3", "license": "Apache-2.0", "summary": "A plugin; of a [test] – ü.",
            "components": {"newborn": newborn}}


def write_plugin(folder):
    folder.mkdir(parents=True)
    (folder / "schema.json").write_text(json.dumps(schema(), indent=2, ensure_ascii=False), encoding="utf-8")
    (folder / "newborn.c").write_text(SOURCE)
    return folder


def run(*command):
    done = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, env={**os.environ, "CCACHE_DISABLE": "1"})
    return None if done.returncode == 0 else f"{' '.join(map(str, command[:4]))}: {done.stdout[-1500:]}"


def judge(plugin):
    """What is wrong with the plugin that was built: its symbols, and what it says of itself in its bytes."""
    found = binaries.plugin_problems([plugin])
    with tempfile.TemporaryDirectory() as folder:
        text = Path(folder, "info")
        binaries.tool("objcopy", "--dump-section", f".weir={text}", str(plugin), str(Path(folder, "copy")))
        info = json.loads(text.read_bytes().rstrip(b"\0"))
    facts = {key: info.pop(key, None) for key in ("abi", "needs_abi", "preview", "sdk")}
    if info != schema():
        found.append(".weir: expected what schema.json says, found something else")
    if None in facts.values():
        found.append(f".weir: expected abi, needs_abi, preview and sdk, found {facts}")
    return found


def built_by_the_repository(root, folder):
    problem = run("cmake", "-S", root, "-B", folder / "tree", "-G", "Ninja", "-DWEIR_TESTS=OFF",
                  f"-DWEIR_EXTRA_PLUGINS_DIR={folder / 'plugins'}")
    problem = problem or run("cmake", "--build", folder / "tree", "--target", "plugin_newborn")
    return [problem] if problem else judge(folder / "tree/lib/weir/plugins/newborn.so")


def built_by_a_stranger(build, folder):
    """Builds the same folder outside of the repository, with the SDK that is installed and moved."""
    (folder / "plugins/newborn/CMakeLists.txt").write_text(PROJECT)
    problem = run("cmake", "--install", build, "--prefix", folder / "installed")
    if not problem:
        (folder / "installed").rename(folder / "moved")
    problem = problem or run("cmake", "-S", folder / "plugins/newborn", "-B", folder / "stranger", "-G", "Ninja",
                             f"-DCMAKE_PREFIX_PATH={folder / 'moved'}")
    problem = problem or run("cmake", "--build", folder / "stranger")
    return [problem] if problem else judge(folder / "stranger/newborn.so")


def problems(root, build):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_plugin(folder / "plugins/newborn")
        return built_by_the_repository(root, folder) + built_by_a_stranger(build, folder)
