// Options that stand in a file of their own.
#include "manifest/documents.hpp"

#include <fstream>
#include <weir_catch.hpp>
#include <weir_golden.hpp>
#include <weir_test_folder.hpp>

#include "manifest/checked.hpp"
#include "manifest/diagnostics.hpp"

using namespace weir;
using namespace weir::manifest;

namespace {

Use use_of_shared(const std::string& options) {
  observe::Redactor redactor;
  const std::string text = "weir: 1\nextract: plain\nload: plain\ntransform:\n- { use: shared, " + options + " }\n";
  Draft draft = draft_from_text("m.yaml", text, manifest::test::values(), redactor);
  REQUIRE(draft.errors.empty());
  return draft.manifest.transform.at(0);
}

base::Result<Config> checked_document(const std::string& options, const std::filesystem::path& folder) {
  return check_options(use_of_shared(options), manifest::test::schema_of("shared"), {folder, {}, nullptr});
}

void write(const std::filesystem::path& path, const std::string& text) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path) << text;
}

}  // namespace

TEST_CASE("a document takes the place of its path, and its values keep their places in their own file") {
  const weir::test::Folder folder;
  write(folder.path() / "shared/one.yaml", "# a contract\n\"$schema\": x\nlimit: 12\nlist: words.txt\n");
  write(folder.path() / "shared/words.txt", "a\n");
  const auto config = checked_document("contract: shared/one.yaml", folder.path());
  INFO((config ? "" : render(config.error())));
  REQUIRE(config.has_value());
  CHECK(config->json["contract"]["limit"] == 12);
  CHECK_FALSE(config->json["contract"].contains("$schema"));
  CHECK(config->json["contract"]["list"] == (folder.path() / "shared/words.txt").string());
  const auto place = config->place("/contract/limit");
  CHECK(place.file == "shared/one.yaml");
  CHECK(place.line == 3);
  CHECK(place.column == 8);
}

TEST_CASE("what is wrong in a document is told at its place there, by the name that it has from outside") {
  const weir::test::Folder folder;
  const auto told = [&](const std::string& text) {
    write(folder.path() / "one.yaml", text);
    const auto config = checked_document("contract: one.yaml", folder.path());
    REQUIRE_FALSE(config.has_value());
    return std::to_string(config.error().place.line) + ":" + std::to_string(config.error().place.column) + " " +
           config.error().place.file + " " + config.error().message;
  };
  CHECK(told("\nlimit: many\n") == "2:8 one.yaml shared: option 'contract.limit': expected an integer, found \"many\"");
  CHECK(told("limt: 1\n").starts_with("1:1 one.yaml shared: unknown option 'contract.limt'"));
  CHECK(told("- 1\n- 2\n") ==
        "1:1 one.yaml shared: option 'contract': expected an object in 'one.yaml', found a list of 2");
  CHECK(told("limit: [\n").ends_with("found the end of the file"));
  weir::test::Golden golden(std::string(WEIR_GOLDEN) + "/documents.txt");
  write(folder.path() / "one.yaml", "# one\n- 1\n");
  golden.tell_error("a document that is a list", checked_document("contract: one.yaml", folder.path()).error());
  golden.end();
  CHECK(told("list: gone.txt\n") ==
        "1:7 one.yaml shared: option 'contract.list': expected a file, found none at 'gone.txt'");
}

TEST_CASE("a document may stand in the manifest itself, and is the same then") {
  const auto config = checked_document("contract: { limit: 3 }", "/base");
  REQUIRE(config.has_value());
  CHECK(config->json["contract"]["limit"] == 3);
  CHECK(config->files.empty());
}

TEST_CASE("the files that options name are told with what tells their content from another") {
  const weir::test::Folder folder;
  write(folder.path() / "one.yaml", "limit: 1\n");
  write(folder.path() / "words.txt", "a\n");
  const auto versions = [&] {
    const auto config = checked_document("contract: one.yaml, list: words.txt", folder.path());
    REQUIRE(config.has_value());
    REQUIRE(config->files.size() == 2);
    return std::pair(config->files[0].version, config->files[1].version);
  };
  const auto [document, list] = versions();
  CHECK(versions() == std::pair(document, list));
  write(folder.path() / "one.yaml", "limit: 2\n");
  write(folder.path() / "words.txt", "a\nb\n");
  CHECK(versions().first != document);
  CHECK(versions().second != list);
}
