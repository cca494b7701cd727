// A store in one object: what it holds when replacing fails, when nobody knows whether it did, and when its bytes are damaged. What it
// has in common with the other kind is in store_test.cpp and consistency_test.cpp.
#include "state/object_store.hpp"

#include <map>
#include <weir_catch.hpp>

namespace weir::state {
namespace {

// An object in memory, which fails as a test says. Several handles of it share what it holds.
struct Held {
  std::string bytes;
  std::uint64_t version = 0;  // 0: it is not there
  std::uint64_t replaced = 0;
};

enum class Failing { nothing, before, behind };

class MemoryObject final : public SharedObject {
 public:
  MemoryObject(Held& held, Failing& failing, std::function<void()>& rival)
      : held_(held), failing_(failing), rival_(rival) {}

  base::Result<std::string> version() override { return held_.version == 0 ? "" : std::to_string(held_.version); }
  base::Result<std::optional<Content>> read() override {
    if (held_.version == 0) return std::optional<Content>();
    return std::optional<Content>({held_.bytes, std::to_string(held_.version)});
  }
  base::Result<std::string> replace(std::string_view bytes, const std::string& expected) override {
    if (rival_) std::exchange(rival_, {})();
    const Failing how = std::exchange(failing_, Failing::nothing);
    if (how == Failing::before) return lost();
    if (*version() != expected) return lost();
    held_.bytes = bytes;
    ++held_.version;
    ++held_.replaced;
    if (how == Failing::behind) return lost();
    return version();
  }
  std::string shown() const override { return "orders.state"; }

 private:
  static base::Result<std::string> lost() {
    return base::unexpected(base::make_error(base::Status::unavailable, base::Fault::destination, "test.lost", "lost"));
  }
  Held& held_;
  Failing& failing_;
  std::function<void()>& rival_;
};

struct Scene {
  Held held;
  Failing failing = Failing::nothing;
  std::function<void()> rival;  // called once, before the next replacement
  std::int64_t now = 1000;
  std::uint64_t pauses = 0;
  std::uint64_t most = kMostStateBytes;

  base::Result<std::unique_ptr<Store>> open() {
    return open_object_store(
        std::make_unique<MemoryObject>(held, failing, rival), [this] { return now; },
        [this](std::uint64_t) { ++pauses; }, most);
  }
};

}  // namespace

TEST_CASE("a change whose replacement failed is not there, and one whose answer was lost is there once") {
  Scene shared;
  const auto store = shared.open();
  REQUIRE(store);
  REQUIRE(**(*store)->put("k", "1", 0) == 1);
  shared.failing = Failing::before;
  const auto failed = (*store)->put("k", "2", 1);
  REQUIRE_FALSE(failed);
  CHECK(failed.error().code == "test.lost");
  CHECK((*(*store)->get("k"))->value == "1");
  shared.failing = Failing::behind;
  const auto version = (*store)->put("k", "3", 1);
  REQUIRE(version);
  CHECK(**version == 2);
  CHECK((*(*store)->get("k"))->value == "3");
  CHECK(shared.held.replaced == 2);
}

TEST_CASE("a change that another was faster than is made of what is there then") {
  Scene shared;
  const auto one = shared.open(), other = shared.open();
  REQUIRE((*one)->put("guard", "", 0));
  shared.rival = [&] { REQUIRE((*other)->put("other", "1", 0)); };
  REQUIRE(*(*one)->apply({{"mine", "1"}}, "guard", 1));
  CHECK(shared.pauses == 1);
  CHECK(*(*one)->list("") == std::vector<std::string>{"guard", "mine", "other"});
  // Of the same key the faster one wins.
  shared.rival = [&] { REQUIRE((*other)->put("k", "theirs", 0)); };
  CHECK_FALSE((*(*one)->put("k", "ours", 0)).has_value());
  CHECK((*(*one)->get("k"))->value == "theirs");
  // Whose answer was lost, and who was overtaken then, has made its change.
  shared.failing = Failing::behind;
  REQUIRE(**(*one)->put("late", "1", 0) == 1);
  shared.rival = [&] { REQUIRE((*other)->remove("guard")); };
  CHECK_FALSE(*(*one)->apply({{"mine", "2"}}, "guard", 1));
  CHECK((*(*one)->get("mine"))->value == "1");
}

TEST_CASE("what is read alone does not read the object again while nobody changes it") {
  Scene shared;
  const auto one = shared.open(), other = shared.open();
  REQUIRE((*one)->put("k", "1", 0));
  CHECK((*(*other)->get("k"))->value == "1");
  shared.held.bytes.clear();  // nobody looks, for the version is the same
  CHECK((*(*other)->get("k"))->value == "1");
}

TEST_CASE("entries whose time has passed go with the next change") {
  Scene shared;
  const auto store = shared.open();
  REQUIRE((*store)->put("lease", std::string(1000, 'x'), 0, 2000));
  shared.now = 2000;
  REQUIRE((*store)->put("k", "1", 0));
  CHECK(shared.held.bytes.size() < 1000);
  CHECK(**(*store)->put("lease", "y", 0) > 1);
}

TEST_CASE("an object that is cut or changed anywhere is refused, and not written") {
  Scene shared;
  {
    const auto store = shared.open();
    for (const char* key : {"a", "b", "c"}) REQUIRE((*store)->put(key, std::string(key) + "-value", 0));
  }
  const std::string whole = shared.held.bytes;
  for (std::size_t at = 0; at < whole.size(); ++at) {
    CAPTURE(at);
    shared.held.bytes = whole.substr(0, at);
    CHECK_FALSE(shared.open());
    shared.held.bytes = whole;
    shared.held.bytes[at] = static_cast<char>(whole[at] ^ 0x20);
    const auto opened = shared.open();
    REQUIRE_FALSE(opened);
    CHECK((opened.error().code == "state.damaged" || opened.error().code == "state.newer"));
  }
  shared.held.bytes = whole + "x";
  CHECK_FALSE(shared.open());
  shared.held.bytes = whole;
  CHECK(shared.open());
}

TEST_CASE("more state than an object should hold is refused, and what was there stays") {
  Scene shared;
  shared.most = 2000;
  const auto store = shared.open();
  REQUIRE((*store)->put("k", std::string(1000, 'x'), 0));
  const auto refused = (*store)->put("more", std::string(1500, 'x'), 0);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "state.too_large");
  CHECK(*(*store)->list("") == std::vector<std::string>{"k"});
  CHECK((*store)->remove("k"));
}

}  // namespace weir::state
