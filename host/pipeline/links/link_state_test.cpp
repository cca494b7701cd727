// What links remember over a barrier: what they tell, what is given back, and in which portions.
#include <map>

#include <weir_catch.hpp>

#include "pipeline/fake_parts.hpp"
#include "pipeline/links/transform.hpp"

namespace weir::pipeline {
namespace {

// What the one instance of a test does and sees.
struct StateMemory {
  std::vector<StateChange> to_tell;
  std::map<std::string, std::string> restored;
  std::vector<std::pair<std::uint64_t, bool>> calls;  // of restore(): items, last
  std::vector<std::int32_t> flushed;
  int failing = 0;  // calls of each function that fail before one does not
  bool holds = false;
  std::vector<weir::Array> held;
};
StateMemory* memory = nullptr;

weir_bytes bytes_of(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
std::string text_of(weir_bytes bytes) { return {reinterpret_cast<const char*>(bytes.data), bytes.length}; }

weir_status busy(weir_error* error) {
  return --memory->failing >= 0 ? weir_fail(error, WEIR_UNAVAILABLE, WEIR_FAULT_PLUGIN, "busy") : WEIR_OK;
}

weir_status snapshot(void*, const weir_state_sink* changes, weir_error* error) {
  for (const auto& change : memory->to_tell) {
    const auto status = change.value ? changes->put(changes, bytes_of(change.key), bytes_of(*change.value))
                                     : changes->remove(changes, bytes_of(change.key));
    if (status != WEIR_OK) return status;
  }
  return busy(error);
}

weir_status restore(void*, const weir_bytes* keys, const weir_bytes* values, std::uint64_t count, std::int32_t last,
                    weir_error* error) {
  if (keys == nullptr || values == nullptr) return weir_fail(error, WEIR_INTERNAL, WEIR_FAULT_PLUGIN, "null");
  if (const auto status = busy(error); status != WEIR_OK) return status;
  memory->calls.emplace_back(count, last != 0);
  for (std::uint64_t i = 0; i < count; ++i) memory->restored.emplace(text_of(keys[i]), text_of(values[i]));
  return WEIR_OK;
}

weir_status create_keeper(const weir_context*, const ArrowSchema* const* inputs, const weir_string*, std::uint64_t,
                          const weir_schema_sink* outputs, void** self, weir_error*) {
  *self = memory;
  return outputs->same(outputs, {nullptr, 0}, inputs[0]);
}

weir_status process(void*, std::uint64_t, weir_batch* batch, const weir_next* next, weir_error*) {
  if (!memory->holds) return next->select(next, 0, nullptr, 0);
  memory->held.emplace_back(&batch->rows);
  return WEIR_OK;
}

weir_status flush(void*, std::uint64_t, std::int32_t why, const weir_next* next, weir_error*) {
  memory->flushed.push_back(why);
  if (why != WEIR_FLUSH_END) return WEIR_OK;
  for (auto& rows : memory->held) {
    weir_batch batch{};
    weir_batch_clear(&batch);
    batch.rows = rows.release();
    if (const auto status = next->push(next, 0, &batch); status != WEIR_OK) return status;
  }
  memory->held.clear();
  return WEIR_OK;
}

constexpr weir_transformer kTable{
    sizeof(weir_transformer), nullptr, create_keeper, process, [](void*) {}, flush, nullptr};
constexpr weir_state kState{sizeof(weir_state), snapshot, restore, nullptr};

const void* with_state(weir_string id) { return weir_string_is(id, WEIR_STATE) != 0 ? &kState : nullptr; }

struct Made {
  explicit Made(const void* (*extension)(weir_string) = with_state) {
    memory = &remembered;
    auto created = TransformLink::create(fake::component(WEIR_KIND_TRANSFORMER, &kTable, "link", extension), {},
                                         schema.get(), &sequence, nullptr);
    REQUIRE(created);
    link = std::move(*created);
  }
  ~Made() { memory = nullptr; }
  Made(const Made&) = delete;
  Made& operator=(const Made&) = delete;

  base::Result<void> process(const std::vector<std::int64_t>& values) {
    Batch batch;
    batch.rows = arrow::SharedArray(fake::rows(values));
    return link->process(std::move(batch), deliver);
  }

  StateMemory remembered;
  weir::Schema schema = fake::schema();
  std::atomic<std::uint64_t> sequence{0};
  std::vector<std::int64_t> delivered;
  const Deliver deliver = [this](const Batch& batch) -> base::Result<void> {
    for (const auto value : fake::values(batch)) delivered.push_back(value);
    return {};
  };
  std::unique_ptr<TransformLink> link;
};

}  // namespace

TEST_CASE("a link has state if its component has both functions of weir.state/1") {
  CHECK(Made().link->has_state());
  CHECK_FALSE(Made(nullptr).link->has_state());
  CHECK_FALSE(Made([](weir_string) -> const void* {
                static constexpr weir_state half{sizeof(weir_state), snapshot, nullptr, nullptr};
                return &half;
              }).link->has_state());
}

TEST_CASE("a link that has nothing to remember, so configured, has no state") {
  CHECK_FALSE(Made([](weir_string) -> const void* {
                static constexpr weir_state never{sizeof(weir_state), snapshot, restore,
                                                  [](const weir_config*) { return 0; }};
                return &never;
              }).link->has_state());
  CHECK(Made([](weir_string) -> const void* {
          static constexpr weir_state always{sizeof(weir_state), snapshot, restore,
                                             [](const weir_config*) { return 1; }};
          return &always;
        }).link->has_state());
}

TEST_CASE("a snapshot is what the instance tells, once, also if it has to be asked again") {
  Made made;
  const std::string binary("\0\xFF", 2);
  made.remembered.to_tell = {{"b", binary}, {binary, ""}, {"a", std::nullopt}};
  made.remembered.failing = GENERATE(0, 2);
  const auto changes = made.link->snapshot();
  REQUIRE(changes);
  REQUIRE(changes->size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK((*changes)[i].key == made.remembered.to_tell[i].key);
    CHECK((*changes)[i].value == made.remembered.to_tell[i].value);
  }
}

TEST_CASE("items are given back in calls that are not too large, the last marked") {
  Made made;
  std::vector<StateItem> items;
  std::map<std::string, std::string> all;
  const auto add = [&](const std::string& key, std::string value) {
    items.push_back({key, std::move(value)});
    all.emplace(items.back().key, items.back().value);
  };
  SECTION("none") {
    REQUIRE(made.link->restore({}, true));
    CHECK(made.remembered.calls == std::vector<std::pair<std::uint64_t, bool>>{{0, true}});
  }
  SECTION("many small ones") {
    for (int i = 0; i < 10000; ++i) add(std::to_string(i), "v");
    made.remembered.failing = 2;
    REQUIRE(made.link->restore(items, true));
    CHECK(made.remembered.calls ==
          std::vector<std::pair<std::uint64_t, bool>>{{4096, false}, {4096, false}, {1808, true}});
  }
  SECTION("large ones") {
    add("a", std::string(3U << 20U, 'a'));
    for (const char* key : {"b", "c", "d"}) add(key, std::string(400U << 10U, 'b'));
    REQUIRE(made.link->restore(items, true));
    CHECK(made.remembered.calls == std::vector<std::pair<std::uint64_t, bool>>{{1, false}, {2, false}, {1, true}});
  }
  SECTION("in several portions") {
    add("a", "1");
    add("b", "2");
    REQUIRE(made.link->restore(std::span(items).first(1), false));
    REQUIRE(made.link->restore({}, false));
    REQUIRE(made.link->restore(std::span(items).subspan(1), true));
    CHECK(made.remembered.calls == std::vector<std::pair<std::uint64_t, bool>>{{1, false}, {1, true}});
  }
  CHECK(made.remembered.restored == all);
}

TEST_CASE("a link is told why it is flushed, and may hold rows back over a barrier if it can keep them") {
  Made made;
  made.remembered.holds = true;
  REQUIRE(made.process({1, 2}));
  REQUIRE(made.link->flush(WEIR_FLUSH_BARRIER, made.deliver));
  CHECK(made.delivered.empty());
  REQUIRE(made.process({3}));
  REQUIRE(made.link->flush(WEIR_FLUSH_END, made.deliver));
  CHECK(made.delivered == std::vector<std::int64_t>{1, 2, 3});
  CHECK(made.remembered.flushed == std::vector<std::int32_t>{WEIR_FLUSH_BARRIER, WEIR_FLUSH_END});
}

TEST_CASE("a link without state must hold nothing back over a barrier") {
  Made made(nullptr);
  REQUIRE(made.process({1}));
  REQUIRE(made.link->flush(WEIR_FLUSH_BARRIER, made.deliver));
  made.remembered.holds = true;
  REQUIRE(made.process({2}));
  const auto flushed = made.link->flush(WEIR_FLUSH_BARRIER, made.deliver);
  REQUIRE_FALSE(flushed);
  CHECK(flushed.error().code == "plugin.unbalanced");
}

}  // namespace weir::pipeline
