// Relock: what manifests name is taken as it is locked, else the newest that fits all of them; digests decide what is the same.
#include "packages/relock.hpp"

#include <fstream>
#include <weir_catch.hpp>
#include <weir_test_folder.hpp>

#include "packages/lock_install.hpp"
#include "packages/pack.hpp"
#include "plugins/bad_plugins.hpp"

namespace weir::packages {
namespace {

namespace fs = std::filesystem;
using test::Contains;

constexpr std::string_view kDay = "2026-11-27";

// A folder with an index of good 1.0.0 and 1.5.0, signed, and manifests beside it.
struct Story {
  test::Folder folder;
  security::PrivateKey key = *security::PrivateKey::make();
  security::TrustedKeys keys = *security::TrustedKeys::read(folder.path() / "trusted.json");
  Sources sources = *Sources::read(folder.path() / "indexes.json");
  RelockRequest request;

  Story() {
    REQUIRE(keys.add({key.public_key(), "acme", ""}));
    pack("1.0.0");
    pack("1.5.0");
    REQUIRE(build_index({folder.path() / "site", "2027-01-01", {}, {}}, key));
    REQUIRE(sources.add({"acme", {(folder.path() / "site").string()}, key.public_key().fingerprint(), 0, {}}));
    request.folder = folder.path();
  }

  fs::path written(const std::string& name, const std::string& text) const {
    const fs::path path = folder.path() / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }
  void pack(const std::string& version) const {
    std::string bytes = plugins::bytes_of(plugins::bad_plugin("good"));
    const std::string old = R"("version":"1.0.0")";
    bytes.replace(bytes.find(old), old.size(), R"("version":")" + version + '"');
    auto packing = prepare_package(
        {{written("good.so", bytes)}, written("README.md", "# good\n"), written("LICENSE", "MIT\n"), {}});
    REQUIRE(packing);
    packing->head.signatures = {*key.sign(kPackageType, packing->head.info_text)};
    fs::create_directories(folder.path() / "site/packages");
    REQUIRE(write_package(folder.path() / "site/packages" / package_name(packing->head.info), packing->head,
                          packing->sources));
  }
  void manifest(const std::string& name, const std::string& plugins) {
    request.manifests.push_back(written(
        name,
        "weir: 1\nextract: { use: generate, rows: 1 }\nload: { use: file, path: \"${env:NOT_HERE}\" }\nplugins: " +
            plugins + "\n"));
  }
  base::Result<Relocking> relocked() { return relock(request, sources, keys, kDay); }
};

std::string version_of(const base::Result<Relocking>& relocking) {
  if (!relocking) return relocking.error().code + ": " + relocking.error().message;
  const plugins::LockedPlugin* const locked = relocking->after.find("good");
  return locked == nullptr ? "none" : locked->version;
}

TEST_CASE("the newest that fits all manifests is taken, and stays when a newer one comes") {
  Story story;
  story.manifest("a.yaml", "{ good: ^1 }");
  story.manifest("b.yaml", "{ good: { version: '~1.0' } }");
  const auto first = story.relocked();
  CHECK(version_of(first) == "1.0.0");
  REQUIRE(write_changed_lock(story.folder.path(), first->after));
  story.request.manifests.pop_back();
  CHECK(version_of(story.relocked()) == "1.0.0");
  story.request.update = true;
  CHECK(version_of(story.relocked()) == "1.5.0");
  story.request.only = {"goood"};
  CHECK_THAT(version_of(story.relocked()), Contains("lock.unknown"));
}

TEST_CASE("ranges that exclude each other are told with the manifests that ask for them") {
  Story story;
  story.manifest("a.yaml", "{ good: ~1.0 }");
  story.manifest("b.yaml", "{ good: ~1.5 }");
  CHECK_THAT(version_of(story.relocked()), Contains("lock.no_version") && Contains("a.yaml asks for ~1.0") &&
                                               Contains("b.yaml for ~1.5") && Contains("found 1.5.0, 1.0.0"));
}

TEST_CASE("a plugin in front of a colon is named, a component alone is not") {
  Story story;
  const fs::path manifest = story.written(
      "c.yaml",
      "weir: 1\nextract: { use: 'good:rows' }\nload: { use: file, path: x.csv, format: { use: 'other:csv' } }\n");
  const auto needs = needs_of({manifest});
  REQUIRE(needs);
  CHECK(needs->plugins.size() == 2);
  CHECK(needs->plugins.contains("good"));
  CHECK(needs->plugins.contains("other"));
  CHECK(needs->network.proxy.empty());
  CHECK(needs_of({story.written("d.yaml", "weir: 1\nplugins: { good: newest }\n")})
            .error()
            .code.starts_with("manifest."));
}

TEST_CASE("servers are reached as those manifests say that say so, and they agree") {
  Story story;
  const auto with = [&](const std::string& name, const std::string& more) {
    return story.written(
        name,
        "weir: 1\n" + more + "extract: { use: generate, rows: 1 }\nload: { use: file, path: \"${env:NOT_HERE}\" }\n");
  };
  const fs::path silent = with("silent.yaml", "network: {}\n");
  const fs::path said = with("said.yaml", "network: { proxy: 'http://proxy:3128', ca: certificates/corp.pem }\n");
  const auto needs = needs_of({silent, said,
                               with("again.yaml",
                                    "network: { ca: certificates/../certificates/corp.pem, "
                                    "proxy: 'http://proxy:3128' }\n")});
  REQUIRE(needs);
  CHECK(needs->network.proxy == "http://proxy:3128");
  CHECK(needs->network.authorities == (fs::canonical(story.folder.path()) / "certificates/corp.pem").string());
  const auto other = needs_of({said, with("other.yaml", "network: { proxy: 'http://proxy:3128' }\n")});
  REQUIRE_FALSE(other);
  CHECK(other.error().code == "install.network");
  CHECK(other.error().place.line == 2);
  // A value that only a run has will do, but here it is asked for.
  for (const char* const proxy : {"'${env:NOT_HERE}'", "'http://${param:host}:3128'", "\"${secret:vault/proxy}\""}) {
    const auto lacking =
        needs_of({with("lacking.yaml", "network: { ca: a.pem, proxy: " + std::string(proxy) + " }\n")});
    REQUIRE_FALSE(lacking);
    CHECK(lacking.error().place.line == 2);
  }
}

TEST_CASE("what is installed by a lock has its digests, and its signer goes into it") {
  Story story;
  story.manifest("a.yaml", "{ good: ^1 }");
  auto relocking = story.relocked();
  REQUIRE(relocking);
  const LockInstallRequest install{story.folder.path() / "installed", {}, std::string(kDay), {}};
  const auto placed = install_picks(*relocking, install, story.keys);
  REQUIRE(placed);
  REQUIRE(placed->size() == 1);
  CHECK(fs::exists(placed->front().binary));
  CHECK(relocking->after.find("good")->signer == story.key.public_key().fingerprint());
  CHECK(story.keys.bound().at("good") == story.key.public_key().fingerprint());
  CHECK(*write_changed_lock(story.folder.path(), relocking->after));
  CHECK_FALSE(*write_changed_lock(story.folder.path(), relocking->after));

  story.request.locked = true;
  CHECK(version_of(story.relocked()) == "1.5.0");
  plugins::LockFile other = relocking->after;
  other.plugins["good"].digests.begin()->second = std::string(64, '0');
  REQUIRE(plugins::write_lock(plugins::lock_path(story.folder.path()), other));
  CHECK_THAT(version_of(story.relocked()), Contains("lock.other_release") && Contains(std::string(64, '0')) &&
                                               Contains(relocking->after.plugins["good"].digests.begin()->second));
  other.plugins.clear();
  REQUIRE(plugins::write_lock(plugins::lock_path(story.folder.path()), other));
  CHECK_THAT(version_of(story.relocked()), Contains("lock.must_change"));
}

TEST_CASE("an index that has expired gives what is locked, and nothing new") {
  Story story;
  story.manifest("a.yaml", "{ good: ^1 }");
  const auto first = story.relocked();
  REQUIRE(first);
  CHECK_THAT(version_of(relock(story.request, story.sources, story.keys, "2028-01-01")),
             Contains("lock.no_version") && Contains("expired"));
  REQUIRE(plugins::write_lock(plugins::lock_path(story.folder.path()), first->after));
  const auto later = relock(story.request, story.sources, story.keys, "2028-01-01");
  CHECK(version_of(later) == "1.5.0");
  CHECK_THAT(later->picks.front().warning, Contains("expired on 2027-01-01"));
}

}  // namespace
}  // namespace weir::packages
