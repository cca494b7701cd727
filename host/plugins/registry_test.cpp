#include "plugins/registry.hpp"

#include <weir/weir.h>
#include <weir_catch.hpp>

#include "plugins/bad_plugins.hpp"

namespace weir::plugins {
namespace {

using test::Contains;

FoundPlugin plugin(const std::string& name, const std::string& version,
                   std::vector<std::pair<std::string, std::string>> components, const std::string& folder = "/a") {
  FoundPlugin found;
  found.path = folder + "/" + name + ".so";
  found.origin = "test";
  std::string json =
      R"({"name":")" + name + R"(","version":")" + version + R"(","abi":"1.0","needs_abi":"1.0","components":{)";
  for (std::size_t i = 0; i < components.size(); ++i) {
    json += (i > 0 ? ",\"" : "\"") + components[i].first + R"(":{"kind":")" + components[i].second + "\"}";
  }
  auto info = parse_info(json + "}}", found.path);
  REQUIRE(info.has_value());
  found.info = std::move(info).value();
  found.info->machine = host_machine();
  return found;
}

std::vector<FoundPlugin> usual() {
  std::vector<FoundPlugin> found;
  found.push_back(plugin("csv", "1.2.0", {{"csv", "format"}}));
  found.push_back(plugin("json", "1.0.0", {{"json", "format"}}));
  found.push_back(plugin("file", "1.0.0", {{"file", "storage"}}));
  found.push_back(plugin("gzip", "1.0.0", {{"gzip", "codec"}}));
  return found;
}

std::string error_of(const Registry& registry, std::string_view use, std::int32_t kind = 0) {
  const auto found = registry.find(use, kind);
  return found ? "none" : found.error().code + ": " + found.error().message + " | " + found.error().hint;
}

TEST_CASE("a component is found by its name, and by its plugin's and its own") {
  const Registry registry(usual(), {});
  CHECK(registry.problems().empty());
  const auto csv = registry.find("csv", WEIR_KIND_FORMAT);
  REQUIRE(csv.has_value());
  CHECK(csv->plugin_info().name == "csv");
  CHECK(registry.find("csv:csv").has_value());
  CHECK(registry.find("csv").has_value());
  CHECK(registry.formats().size() == 2);
  CHECK(registry.codecs().size() == 1);
  CHECK(registry.components().size() == 4);
}

TEST_CASE("one name in two kinds is two components, each found where its kind is meant") {
  std::vector<FoundPlugin> found;
  // The second one's key is another word, and its name stands in it.
  found.push_back(plugin("db", "1.0.0", {{"db", "loader"}, {"db_extractor", R"(extractor","name":"db)"}}));
  const Registry registry(std::move(found), {});
  CHECK(registry.components().size() == 2);
  CHECK(registry.find("db", WEIR_KIND_LOADER)->info->kind == WEIR_KIND_LOADER);
  CHECK(registry.find("db", WEIR_KIND_EXTRACTOR)->info->kind == WEIR_KIND_EXTRACTOR);
  CHECK(registry.find("db").has_value());
  CHECK_THAT(error_of(registry, "db", WEIR_KIND_FORMAT), Contains("expected a format, found 'db', a loader"));
  CHECK_THAT(error_of(registry, "db_extractor"), Contains("plugin.unknown_component"));
  const std::string head = R"({"name":"db","version":"1.0.0","abi":"1.0","needs_abi":"1.0","components":{)";
  const auto twice = parse_info(head + R"("a":{"kind":"loader"},"b":{"kind":"loader","name":"a"}}})", "db.so");
  REQUIRE_FALSE(twice.has_value());
  CHECK_THAT(twice.error().message, Contains("component 'a': expected it once, found it twice"));
}

TEST_CASE("an unknown component is named with the nearest there is") {
  const Registry registry(usual(), {});
  CHECK(error_of(registry, "jsn", WEIR_KIND_FORMAT) ==
        "plugin.unknown_component: no component 'jsn' of kind format is installed | did you mean 'json'?");
  CHECK_THAT(error_of(registry, "kafka"), Contains("no component 'kafka' is installed | `weir plugin list`"));
  CHECK(base::exit_code(registry.find("kafka").error()) == 4);
  CHECK_THAT(error_of(registry, "cvs:csv"),
             Contains("plugin.missing: no plugin 'cvs' is installed | did you mean 'csv'?"));
  CHECK_THAT(error_of(registry, "csv:json"), Contains("plugin.unknown_component"));
  CHECK_THAT(error_of(registry, ""), Contains("plugin.unknown_component"));
  CHECK_THAT(error_of(registry, ":"), Contains("plugin.missing"));
}

TEST_CASE("a component of another kind is an error of the manifest") {
  const Registry registry(usual(), {});
  CHECK(error_of(registry, "gzip", WEIR_KIND_FORMAT) ==
        "plugin.wrong_kind: expected a format, found 'gzip', a codec | installed of kind format: csv, json");
  CHECK(base::exit_code(registry.find("gzip", WEIR_KIND_FORMAT).error()) == 2);
}

TEST_CASE("a component that two plugins have must be asked for by both names") {
  std::vector<FoundPlugin> found = usual();
  found.push_back(plugin("acme/csv", "1.0.0", {{"csv", "format"}, {"other", "codec"}}));
  const Registry registry(std::move(found), {});
  CHECK(error_of(registry, "csv", WEIR_KIND_FORMAT) ==
        "plugin.ambiguous_component: expected one component 'csv', found it in 2 plugins | write 'acme/csv:csv' or "
        "'csv:csv'");
  CHECK(base::exit_code(registry.find("csv").error()) == 2);
  REQUIRE(registry.find("acme/csv:csv").has_value());
  CHECK(registry.find("acme/csv:csv")->plugin_info().name == "acme/csv");
}

TEST_CASE("the first plugin of a name is taken, and marks those behind it") {
  std::vector<FoundPlugin> found;
  found.push_back(plugin("csv", "1.0.0", {{"csv", "format"}}, "/a"));
  found.push_back(plugin("csv", "2.0.0", {{"csv", "format"}}, "/b"));
  const Registry registry(std::move(found), {});
  CHECK(registry.plugin("csv")->info->version_text == "1.0.0");
  CHECK(registry.found()[1].shadowed_by == "/a/csv.so");
}

TEST_CASE("the first plugin that fits the version wins") {
  std::vector<FoundPlugin> found;
  found.push_back(plugin("csv", "1.0.0", {{"csv", "format"}}, "/a"));
  found.push_back(plugin("csv", "2.1.0", {{"csv", "format"}}, "/b"));
  found.push_back(plugin("csv", "2.2.0", {{"csv", "format"}}, "/c"));
  const Registry registry(std::move(found), {{"csv", "^2"}});
  CHECK(registry.problems().empty());
  CHECK(registry.plugin("csv")->path == "/b/csv.so");
  CHECK(registry.found()[0].refused == "1.0.0 does not fit ^2");
  CHECK(registry.found()[0].shadowed_by.empty());
  CHECK(registry.found()[2].shadowed_by == "/b/csv.so");
}

TEST_CASE("requirements that can't be met are told, each with its own error") {
  const Registry registry(usual(), {{"csv", "^3"}, {"sqlite", "^1"}, {"json", "newest"}, {"gzip", "*"}});
  REQUIRE(registry.problems().size() == 3);
  const auto problem = [&](const std::string& name) {
    for (const auto& found : registry.problems()) {
      if (found.plugin == name) return found.error.code + ": " + found.error.message;
    }
    return std::string("none");
  };
  CHECK_THAT(problem("csv"), Contains("plugin.version") && Contains("1.2.0 does not fit ^3 (/a/csv.so)"));
  CHECK_THAT(problem("sqlite"), Contains("plugin.missing: no plugin 'sqlite' is installed"));
  CHECK_THAT(problem("json"), Contains("manifest.version"));
}

TEST_CASE("a plugin that can't run here is passed over, and its component's error says why") {
  std::vector<FoundPlugin> found;
  found.push_back(plugin("csv", "1.0.0", {{"csv", "format"}}, "/a"));
  found.back().info->machine = "aarch64";
  if (host_machine() == "aarch64") found.back().info->machine = "x86-64";
  SECTION("alone") {
    const Registry registry(std::move(found), {{"csv", "^1"}});
    CHECK_THAT(error_of(registry, "csv", WEIR_KIND_FORMAT), Contains("plugin.wrong_machine: /a/csv.so: built for"));
    REQUIRE(registry.problems().size() == 1);
    CHECK(registry.problems()[0].error.code == "plugin.wrong_machine");
  }
  SECTION("with one behind it that can") {
    found.push_back(plugin("csv", "1.0.0", {{"csv", "format"}}, "/b"));
    const Registry registry(std::move(found), {});
    CHECK(registry.plugin("csv")->path == "/b/csv.so");
  }
}

TEST_CASE("discovery finds plugins in the order of folders, and what is wrong with files") {
  const Scratch scratch;
  scratch.file("one/good.so", bytes_of(bad_plugin("good")));
  scratch.file("one/broken.so", "hello");
  scratch.file("one/readme.txt", "hello");
  scratch.file("one/.hidden.so", "hello");
  scratch.file("two/good.so", bytes_of(bad_plugin("good")));
  std::filesystem::create_symlink(scratch.folder() / "one/good.so", scratch.folder() / "two/linked.so");
  scratch.file("three", "no folder");
  const SearchPath folders[] = {{scratch.folder() / "one", "environment"},
                                {scratch.folder() / "none", "manifest"},
                                {scratch.folder() / "two", "user"},
                                {scratch.folder() / "three", "installation"}};
  const auto found = discover(folders);
  REQUIRE(found.size() == 4);
  CHECK(found[0].path.filename() == "broken.so");
  CHECK(found[0].error->code == "plugin.not_elf");
  CHECK(found[1].info->name == "good");
  CHECK(found[1].origin == "environment");
  CHECK(found[2].path == scratch.folder() / "two/good.so");
  CHECK(found[3].error->code == "plugin.unreadable");
  const Registry registry(found, {});
  CHECK(registry.found()[2].shadowed_by == scratch.folder() / "one/good.so");
}

TEST_CASE("plugins are looked for in the environment's folders, the manifest's, the user's, the installation's") {
  const Scratch scratch;
  const std::string root = std::filesystem::canonical(scratch.folder()).string();
  ::setenv("WEIR_PLUGIN_PATH", (root + "/e1::" + root + "/e2:" + root + "/e1").c_str(), 1);
  ::setenv("XDG_DATA_HOME", (root + "/data").c_str(), 1);
  auto paths = search_paths(root + "/m");
  REQUIRE(paths.size() == 5);
  CHECK(paths[0].folder == root + "/e1");
  CHECK(paths[1].folder == root + "/e2");
  CHECK(paths[2].folder == root + "/m/.weir/plugins");
  CHECK(paths[2].origin == "manifest");
  CHECK(paths[3].folder == root + "/data/weir/plugins");
  CHECK(paths[4].origin == "installation");
  CHECK(paths[4].folder.filename() == "plugins");
  ::unsetenv("WEIR_PLUGIN_PATH");
  ::unsetenv("XDG_DATA_HOME");
  ::setenv("HOME", root.c_str(), 1);
  paths = search_paths({});
  REQUIRE(paths.size() == 3);
  CHECK(paths[1].folder == root + "/.local/share/weir/plugins");
}

}  // namespace
}  // namespace weir::plugins
