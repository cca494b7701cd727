// Packages: what is packed comes out again, byte by byte; what was changed does not.
#include <archive.h>
#include <archive_entry.h>

#include <fstream>
#include <map>
#include <weir_catch.hpp>
#include <weir_golden.hpp>
#include <weir_test_folder.hpp>

#include "packages/index.hpp"
#include "packages/pack.hpp"
#include "plugins/bad_plugins.hpp"
#include "security/trusted_keys.hpp"

namespace weir::packages {
namespace {

namespace fs = std::filesystem;
using plugins::bad_plugin;
using plugins::bytes_of;

fs::path written(const fs::path& path, std::string_view text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

PackRequest request_in(const test::Folder& folder) {
  return {{bad_plugin("good")},
          written(folder.path() / "README.md", "# good\n"),
          written(folder.path() / "LICENSE", "Apache-2.0\n"),
          {}};
}

// What a binary is for: sanitizers make it need a C library.
void hide_platform(test::Golden& told, const test::Folder& folder) {
  const auto packing = prepare_package(request_in(folder));
  REQUIRE(packing);
  const Platform platform = packing->head.info.files.front().platform.value_or(Platform{});
  told.hide(platform.folder(), "PLATFORM");
  told.hide(platform.text(), "PLATFORM");
}

fs::path packed(const test::Folder& folder, const std::string& name = "good.weirpkg") {
  const auto packing = prepare_package(request_in(folder));
  REQUIRE(packing);
  const fs::path path = folder.path() / name;
  REQUIRE(write_package(path, packing->head, packing->sources));
  return path;
}

base::Result<std::map<std::string, std::string>> contents(const fs::path& path) {
  std::map<std::string, std::string> files;
  WEIR_TRY(
      read_package(path, [&files](const PackagedFile& file, std::span<const std::uint8_t> bytes) -> base::Result<void> {
        files[file.path].append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
        return {};
      }));
  return files;
}

struct Entry {
  std::string path, bytes;
  unsigned kind = AE_IFREG;
};

// An archive of anything, as somebody hostile makes it.
fs::path archived(const test::Folder& folder, const std::vector<Entry>& entries) {
  const fs::path path = folder.path() / "made.weirpkg";
  ::archive* const to = ::archive_write_new();
  ::archive_write_set_format_pax(to);
  ::archive_write_add_filter_zstd(to);
  REQUIRE(::archive_write_open_filename(to, path.c_str()) == ARCHIVE_OK);
  for (const Entry& one : entries) {
    ::archive_entry* const entry = ::archive_entry_new();
    ::archive_entry_set_pathname(entry, one.path.c_str());
    ::archive_entry_set_filetype(entry, one.kind);
    if (one.kind == AE_IFLNK) ::archive_entry_set_symlink(entry, one.bytes.c_str());
    ::archive_entry_set_perm(entry, 0644);
    ::archive_entry_set_size(entry, one.kind == AE_IFREG ? static_cast<la_int64_t>(one.bytes.size()) : 0);
    REQUIRE(::archive_write_header(to, entry) == ARCHIVE_OK);
    if (one.kind == AE_IFREG) ::archive_write_data(to, one.bytes.data(), one.bytes.size());
    ::archive_entry_free(entry);
  }
  ::archive_write_close(to);
  ::archive_write_free(to);
  return path;
}

// The files of a right package, to be spoiled.
std::vector<Entry> right_entries(const test::Folder& folder) {
  const auto packing = prepare_package(request_in(folder));
  std::vector<Entry> entries{{"plugin.json", packing->head.info_text}};
  for (const FileSource& source : packing->sources)
    entries.push_back({source.path, source.file.empty() ? source.text : bytes_of(source.file)});
  return entries;
}

}  // namespace

TEST_CASE("what is packed comes out again") {
  const test::Folder folder;
  const fs::path path = packed(folder);
  const auto head = read_head(path);
  REQUIRE(head);
  CHECK(head->info.name == "good");
  CHECK(head->signatures.empty());
  CHECK(package_name(head->info) == "good-" + head->info.version_text + ".weirpkg");
  const PackagedFile* const binary = head->info.binary_for(host_platform());
  REQUIRE(binary != nullptr);
  const auto files = contents(path);
  REQUIRE(files);
  CHECK(files->size() == 4);
  CHECK(files->at(binary->path) == bytes_of(bad_plugin("good")));
  CHECK(files->at("README.md") == "# good\n");
  CHECK(files->at("sbom.json").find("\"CycloneDX\"") != std::string::npos);
}

TEST_CASE("the same input gives the same bytes, wherever and whenever it lies") {
  const test::Folder one, other;
  const fs::path first = packed(one), second = packed(other, "another name.weirpkg");
  fs::last_write_time(other.path() / "README.md", fs::file_time_type::clock::now() - std::chrono::hours(1000));
  fs::permissions(other.path() / "LICENSE", fs::perms::owner_all);
  CHECK(bytes_of(first) == bytes_of(second));
  CHECK(bytes_of(first) == bytes_of(packed(other)));
}

TEST_CASE("a signature holds a whole package, and stands beside others") {
  const test::Folder folder;
  const fs::path path = packed(folder);
  const auto acme = security::PrivateKey::make(), other = security::PrivateKey::make();
  const auto before = contents(path);
  REQUIRE(sign_package(path, *acme));
  REQUIRE(sign_package(path, *other));
  REQUIRE(sign_package(path, *acme));  // again: in the place of its first
  const auto head = read_head(path);
  REQUIRE(head);
  REQUIRE(head->signatures.size() == 2);
  for (const auto& signature : head->signatures) {
    const auto& key = signature.key == acme->public_key().fingerprint() ? *acme : *other;
    CHECK(key.public_key().signed_this(kPackageType, head->info_text, signature));
  }
  CHECK(*contents(path) == *before);
  const std::size_t entries = static_cast<std::size_t>(std::distance(fs::directory_iterator(folder.path()), {}));
  CHECK(entries == 3);  // nothing is left of what was written
}

TEST_CASE("a package that was changed anywhere is refused, or is none") {
  const test::Folder folder;
  const std::string whole = bytes_of(packed(folder));
  const auto expected = contents(folder.path() / "good.weirpkg");
  const fs::path path = folder.path() / "changed.weirpkg";
  for (std::size_t i = 0; i < whole.size(); i += 1 + whole.size() / 400) {
    std::string changed = whole;
    changed[i] = static_cast<char>(changed[i] ^ (1 << (i % 8)));
    const auto found = contents(written(path, changed));
    CHECK((!found || *found == *expected));
    const auto cut = contents(written(path, std::string_view(whole).substr(0, i)));
    CHECK_FALSE(cut.has_value());
  }
}

TEST_CASE("a binary is for a machine, a C library and its later versions") {
  PackageInfo info;
  info.name = "p";
  const auto add = [&info](const Platform& platform) {
    info.files.push_back({platform.folder() + "/p.so", 1, {}, platform});
  };
  add({"linux", "aarch64", "glibc", "2.17"});
  add({"linux", "x86-64", "glibc", "2.34"});
  const auto found = [&info](const char* machine, const char* libc, const char* version) {
    const auto* const file = info.binary_for({"linux", machine, libc, version});
    return file == nullptr ? "none" : file->path;
  };
  CHECK(found("x86-64", "glibc", "2.36") == "linux-x86-64-glibc/p.so");
  CHECK(found("x86-64", "glibc", "2.34") == "linux-x86-64-glibc/p.so");
  CHECK(found("x86-64", "glibc", "2.9") == "none");
  CHECK(found("x86-64", "musl", "1.2") == "none");
  CHECK(found("aarch64", "glibc", "2.31") == "linux-aarch64-glibc/p.so");
  CHECK(found("riscv64", "glibc", "2.40") == "none");
}

TEST_CASE("paths of a package lead nowhere else") {
  for (const char* const path : {"README.md", "linux-x86-64-glibc/p.so", "a/b/c+d-e_f.g"}) CHECK(is_file_path(path));
  for (const char* const path :
       {"", "/etc/passwd", "../x", "a/../b", "a//b", "a/", ".hidden", "a/.b", "a\\b", "a b", "a\nb", "\xC3\xA9"})
    CHECK_FALSE(is_file_path(path));
  CHECK_FALSE(is_file_path(std::string(201, 'a')));
  CHECK_FALSE(is_file_path(std::string_view("a\0b", 3)));
}

TEST_CASE("documents that are nested without end are none") {
  constexpr std::size_t kDeep = 1'000'000;
  const std::string nested = std::string(kDeep, '[') + std::string(kDeep, ']');
  CHECK_FALSE(parse_index(
      R"({"weir_index":1,"version":1,"expires":"2030-01-01","revoked":[],"plugins":[{"x":)" + nested + "}]}", "index"));
  CHECK_FALSE(parse_package_info(R"({"weir_package":1,"x":)" + nested + "}", "p.weirpkg"));
}

TEST_CASE("what is wrong with a package is told as the golden file says") {
  const test::Folder folder;
  test::Golden told(fs::path(WEIR_GOLDEN) / "packages.txt");
  told.hide(folder.path().string(), "FOLDER");
  told.hide(bad_plugin("good").parent_path().string(), "FOLDER");
  hide_platform(told, folder);
  const auto tell = [&](const std::string& title, const std::vector<Entry>& entries) {
    told.tell_failure(title, contents(archived(folder, entries)));
  };
  const std::vector<Entry> right = right_entries(folder);
  const auto with = [&right](std::size_t at, Entry entry) {
    std::vector<Entry> entries = right;
    at < entries.size() ? entries[at] = std::move(entry) : entries.emplace_back(std::move(entry));
    return entries;
  };
  REQUIRE(contents(archived(folder, right)));
  told.tell_failure("no file", read_head(folder.path() / "gone.weirpkg"));
  told.tell_failure("a folder", read_head(folder.path()));
  told.tell_failure("another file", read_head(bad_plugin("good")));
  tell("no plugin.json first", {{"README.md", "x"}});
  tell("an empty archive", {});
  tell("a file that is not listed", with(99, {"more.txt", "x"}));
  tell("a file that climbs out", with(99, {"../../\x1b[31m.bashrc", "x"}));
  tell("a link", with(2, {"README.md", "/etc/passwd", AE_IFLNK}));
  tell("a file too few", {right[0], right[1]});
  tell("files in another order", {right[0], right[2], right[1]});
  tell("a longer file", with(2, {"README.md", right[2].bytes + "x"}));
  tell("a shorter file", with(2, {"README.md", "x"}));
  tell("another file of that size", with(2, {"README.md", "# GOOD\n"}));
  tell("a plugin.json without end", with(0, {"plugin.json", std::string(kMaxInfoBytes + 1, ' ')}));
  tell("signatures that are none", {right[0], {"plugin.json.sig", "x"}});

  const auto info = [&](const std::string& text) { told.tell_failure(text, parse_package_info(text, "p.weirpkg")); };
  info("x");
  info(R"({"weir_package":2})");
  info(R"({"weir_package":1})");
  const auto changed = [&](const std::string& from, const std::string& to) {
    std::string text = right[0].bytes;
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    text.replace(at, from.size(), to);
    told.tell_failure(from + " becomes " + to, parse_package_info(text, "p.weirpkg"));
  };
  changed("\"path\": \"README.md\"", "\"path\": \"../README.md\"");
  changed("\"path\": \"README.md\"", "\"path\": \"LICENSE\"");
  changed("\"sha256\": \"", "\"sha256\": \"Z");
  changed("\"bytes\": 7", "\"bytes\": 7e30");
  changed("\"bytes\": 7", "\"bytes\": 4294967296");
  changed("\"name\": \"good\"", "\"name\": \"../good\"");
  changed("\"machine\": \"", "\"machine\": \"../");
  changed("\"version\": \"", "\"version\": \"../");
  changed("\"abi\": \"1.0\"", "\"abi\": \"one\"");

  PackRequest request = request_in(folder);
  request.binaries.push_back(bad_plugin("good"));
  told.tell_failure("two binaries for one platform", prepare_package(request));
  request.binaries = {bad_plugin("good"), bad_plugin("tells")};
  told.tell_failure("binaries of two plugins", prepare_package(request));
  request = request_in(folder);
  request.readme = folder.path() / "gone.md";
  told.tell_failure("no readme", prepare_package(request));
  const auto packing = prepare_package(request_in(folder));
  written(folder.path() / "README.md", "# changed meanwhile\n");
  told.tell_failure("a file that changes meanwhile",
                    write_package(folder.path() / "a.weirpkg", packing->head, packing->sources));
  told.tell_failure("a folder that is not there",
                    write_package(folder.path() / "none/a.weirpkg", packing->head, packing->sources));
  CHECK_FALSE(fs::exists(folder.path() / "a.weirpkg"));
  told.end();
}

}  // namespace weir::packages
