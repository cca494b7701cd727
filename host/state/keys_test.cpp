// Keys as people see them: taken apart and put together again, for every key that places.hpp names.
#include "state/keys.hpp"

#include <weir_catch.hpp>

#include "state/bookmark_places.hpp"
#include "state/places.hpp"

namespace weir::state {

TEST_CASE("every key of a pipeline has a name without it, and comes back from that") {
  const std::string id = pipeline_id("orders", "/m/orders.yaml");
  const std::string replay = replay_id(id, "RUN");
  for (const std::string& key :
       {run_key(id), streams_key(id), kept_key(id, "RUN"), object_key(id, "RUN", "load", "a/b"),
        checkpoint_key(id, "main", 7), delta_prefix(id, "main", 7) + "6c/6b", item_prefix(id, "main") + "6c/6b",
        bookmark_key(id, Bookmark::kept, "extract"), run_key(replay), checkpoint_key(replay, "main", 1)}) {
    const auto parts = pipeline_key_of(key);
    REQUIRE(parts);
    CHECK(parts->pipeline == id);
    CHECK(is_key_name(parts->name));
    CHECK(key_of(id, parts->name) == key);
    CHECK_FALSE(kind_of(parts->name).lost.empty());  // places.hpp has no kind that keys.cpp does not know
  }
  CHECK(pipeline_key_of(run_key(replay))->name == "run-RUN");
  CHECK(pipeline_key_of(checkpoint_key(id, "main", 7))->name == "checkpoint/main/00000000000000000007");
}

TEST_CASE("what is no pipeline's has no name") {
  for (const char* key :
       {"", "run", "run/", "run/short", "/0123456789abcdef0123456789abcdef", "run/0123456789ABCDEF0123456789abcdef"})
    CHECK_FALSE(pipeline_key_of(key));
}

TEST_CASE("a key's name is a kind and what may stand behind it") {
  for (const char* name : {"own/cursor", "run", "own/a/b-c", "run-RUN"}) CHECK(is_key_name(name));
  for (const char* name : {"", "own/", "/own", "Own/x", "own/a b", "own/\xc3\xa4", "-x"})
    CHECK_FALSE(is_key_name(name));
  CHECK_FALSE(is_key_name("own/" + std::string(600, 'x')));
}

TEST_CASE("a kind that this weir does not know is told by its name alone") {
  CHECK(kind_of("later/x").name == "later");
  CHECK(kind_of("later/x").lost.empty());
  CHECK_FALSE(kind_of("later/x").is_hosts);
}

}  // namespace weir::state
