// SeenFiles: which files are new, by each of the marks; what is kept of those that are gone; lists of others.
#include "pipeline/links/seen_files.hpp"

#include <weir_catch.hpp>

namespace weir::pipeline {
namespace {

constexpr std::int64_t kDayNs = std::int64_t{86400} * 1'000'000'000;

StoredObject file(std::string name, std::int64_t bytes, std::int64_t modified_ns, std::string content = {}) {
  StoredObject object;
  object.name = std::move(name);
  object.bytes = bytes;
  object.modified_ns = modified_ns;
  object.checksum = std::move(content);  // stands for it here
  return object;
}

// Runs one after another, each with what the one before left.
struct Runs {
  KnownBy by;
  std::string left = {};
  std::int64_t now = kDayNs;
  int digests = 0;

  // The names of those that are new.
  std::string next(std::vector<StoredObject> all) {
    auto seen = SeenFiles::of(
        left, by,
        [this](const StoredObject& object) -> base::Result<std::string> {
          ++digests;
          return object.checksum;
        },
        [this] { return now; });
    if (!seen) return seen.error().code + ": " + seen.error().message;
    const std::size_t count = all.size();
    const auto passed = seen->take_out(all);
    REQUIRE(passed);
    REQUIRE(*passed + all.size() == count);
    left = seen->text();
    std::string names;
    for (const auto& object : all) names += (names.empty() ? "" : " ") + object.name;
    return names;
  }
};

TEST_CASE("a file is known again by its name, its size, its time") {
  const auto by = GENERATE(KnownBy::name, KnownBy::size, KnownBy::time);
  Runs runs{by};
  CHECK(runs.next({file("a", 1, 1), file("b", 2, 2)}) == "a b");
  CHECK(runs.next({file("a", 1, 1), file("b", 2, 2)}).empty());
  CHECK(runs.next({file("a", 1, 1), file("b", 2, 2), file("c", 2, 2)}) == "c");
  CHECK(runs.next({file("a", 1, 9)}) == (by == KnownBy::time ? "a" : ""));
  CHECK(runs.next({file("a", 9, 9)}) == (by == KnownBy::name ? "" : "a"));
  CHECK(runs.digests == 0);
}

TEST_CASE("a content is known again, whatever it is called") {
  Runs runs{KnownBy::digest};
  CHECK(runs.next({file("a", 1, 1, "x"), file("b", 1, 1, "x"), file("c", 1, 1, "y")}) == "a c");
  CHECK(runs.next({file("a", 1, 1, "x"), file("d", 5, 5, "y"), file("e", 1, 1, "z")}) == "e");
  CHECK(runs.digests == 5);  // a looked as before
  CHECK(runs.next({file("a", 1, 2, "z"), file("e", 2, 2, "w")}) == "e");
}

TEST_CASE("what is left is the same, to the byte, while nothing is new") {
  Runs runs{KnownBy::time};
  runs.next({file("a", 1, 1), file("b\xff", 2, 2)});
  const std::string left = runs.left;
  runs.now += 1000 * kDayNs;
  CHECK(runs.next({file("b\xff", 2, 2)}).empty());
  CHECK(runs.next({}).empty());
  CHECK(runs.left == left);
}

TEST_CASE("a file that is gone is known for 90 days, also while it comes and goes") {
  Runs runs{KnownBy::name};
  runs.next({file("a", 1, 1), file("b", 1, 1)});
  runs.next({file("b", 1, 1), file("c", 1, 1)});  // a is gone from here on
  runs.now += 80 * kDayNs;
  CHECK(runs.next({file("a", 1, 1), file("d", 1, 1)}) == "d");
  runs.now += 80 * kDayNs;
  CHECK(runs.next({file("a", 1, 1), file("e", 1, 1)}) == "e");
  runs.now += 11 * kDayNs;
  CHECK(runs.next({file("f", 1, 1)}) == "f");  // b has been gone for 91 days
  CHECK(runs.next({file("a", 1, 1), file("b", 1, 1)}) == "b");
}

TEST_CASE("what comes but once is always new") {
  Runs runs{KnownBy::name};
  CHECK(runs.next({file("-", -1, 0)}) == "-");
  CHECK(runs.next({file("-", -1, 0)}) == "-");
}

TEST_CASE("a list of another kind is refused") {
  Runs runs{KnownBy::name, "cursor 1"};
  CHECK(runs.next({}) == "source.seen: expected the list of files that an earlier run has left, found another");
  runs.left.clear();
  runs.next({file("a", 1, 1)});
  runs.by = KnownBy::size;
  CHECK(runs.next({}) == "source.seen: expected only_new as the last run had it, found another");
}

}  // namespace
}  // namespace weir::pipeline
