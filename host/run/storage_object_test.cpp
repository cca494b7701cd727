// The object of a storage that state is kept in, over a storage that is no better than it must be: what it tells is checked.
#include "run/storage_object.hpp"

#include <weir/ext/draft/conditional.h>

#include <cstring>
#include <weir_catch.hpp>
#include <weir_golden.hpp>

#include "manifest/diagnostics.hpp"
#include "pipeline/fake_parts.hpp"

namespace weir::run {
namespace {

// One object, what it is at each look, and how it fails.
struct OneObject {
  std::string bytes, version;  // an empty version: it is not there
  std::vector<std::pair<std::string, std::string>>
      next;                     // bytes and version that others give it, one each time it is opened
  std::string told;             // what is told as its version; empty: the version
  weir_status fails = WEIR_OK;  // what stat() returns
  int instances = 0;            // that were made, and are not destroyed
  int objects = 1;              // how many it tells
  static inline OneObject* current = nullptr;

  OneObject() { current = this; }
  OneObject(const OneObject&) = delete;
  OneObject& operator=(const OneObject&) = delete;
  ~OneObject() { current = nullptr; }
};

weir_status tell_one(const weir_object_sink* sink) {
  const OneObject& one = *OneObject::current;
  const std::string version = one.told == "-" ? "" : one.told.empty() ? one.version : one.told;
  weir_object object{};
  object.size = sizeof object;
  object.bytes = static_cast<std::int64_t>(one.bytes.size());
  object.version = {version.data(), version.size()};
  for (int i = 0; i < one.objects; ++i) {
    if (const auto status = sink->put(sink, &object); status != WEIR_OK) return status;
  }
  return WEIR_OK;
}

struct OneInput : weir_input {
  std::string bytes;
  mutable std::size_t at = 0;
};

weir_status open_one(void*, weir_string, weir_string version, const weir_input** input, weir_error* error) {
  OneObject& one = *OneObject::current;
  if (!one.next.empty()) {
    std::tie(one.bytes, one.version) = one.next.front();
    one.next.erase(one.next.begin());
  }
  if (std::string_view(version.data, version.length) != one.version)
    return weir_fail(error, WEIR_FAILED_PRECONDITION, WEIR_FAULT_SOURCE, "it has changed");
  auto made = std::make_unique<OneInput>();
  static_cast<weir_input&>(*made) = {};
  made->size = sizeof(weir_input);
  made->length = -1;
  made->bytes = one.bytes;
  made->read = [](const weir_input* self, std::int64_t, std::uint8_t* buffer, std::uint64_t capacity,
                  std::uint64_t* got, std::int32_t* outcome, weir_error*) -> weir_status {
    const auto& input = *static_cast<const OneInput*>(self);
    *got = std::min<std::uint64_t>({capacity, input.bytes.size() - input.at, 3});
    std::memcpy(buffer, input.bytes.data() + input.at, *got);
    input.at += *got;
    *outcome = input.at == input.bytes.size() ? WEIR_READ_END : WEIR_READ_MORE;
    return WEIR_OK;
  };
  made->close = [](const weir_input* self) { delete static_cast<const OneInput*>(self); };
  *input = made.release();
  return WEIR_OK;
}

weir_storage storage_of_one() {
  weir_storage table{};
  table.size = sizeof table;
  table.create = [](const weir_context*, void**, weir_error*) -> weir_status {
    ++OneObject::current->instances;
    return WEIR_OK;
  };
  table.destroy = [](void*) { --OneObject::current->instances; };
  table.stat = [](void*, weir_string, const weir_object_sink* sink, weir_error* error) -> weir_status {
    const OneObject& one = *OneObject::current;
    if (one.fails != WEIR_OK) return weir_fail(error, one.fails, WEIR_FAULT_DESTINATION, "no answer");
    if (one.version.empty()) return weir_fail(error, WEIR_NOT_FOUND, WEIR_FAULT_SOURCE, "no such object");
    return tell_one(sink);
  };
  table.open_read = open_one;
  return table;
}

const void* conditional(weir_string id) {
  static const weir_conditional table = {sizeof table,
                                         [](void*, weir_string, weir_bytes bytes, weir_string expected,
                                            const weir_object_sink* sink, weir_error* error) -> weir_status {
                                           OneObject& one = *OneObject::current;
                                           if (std::string_view(expected.data, expected.length) != one.version)
                                             return weir_fail(error, WEIR_FAILED_PRECONDITION, WEIR_FAULT_DESTINATION,
                                                              "it has changed");
                                           one.bytes.assign(reinterpret_cast<const char*>(bytes.data), bytes.length);
                                           one.version += "+";
                                           return tell_one(sink);
                                         }};
  return std::string_view(id.data, id.length) == WEIR_CONDITIONAL ? &table : nullptr;
}

std::unique_ptr<state::SharedObject> opened() {
  static const weir_storage table = storage_of_one();
  auto storage = pipeline::fake::component(WEIR_KIND_STORAGE, &table, "state", conditional);
  storage->config = std::make_unique<plugins::ConfigHandle>(nlohmann::ordered_json{{"path", "orders.state"}});
  auto object = open_storage_object(storage, {});
  REQUIRE(object);
  return std::move(*object);
}

}  // namespace

TEST_CASE("an object of a storage is read, of one moment, and replaced") {
  OneObject one;
  const auto object = opened();
  CHECK(object->version()->empty());
  CHECK_FALSE((*object->read()).has_value());
  REQUIRE(*object->replace("first bytes", "") == "+");
  CHECK_FALSE(object->replace("other bytes", ""));
  CHECK((*object->read())->bytes == "first bytes");
  // Replaced between its version and its bytes: twice, then not.
  one.next = {{"second", "2"}, {"third", "3"}};
  const auto read = object->read();
  REQUIRE((read && *read));
  CHECK((*read)->bytes == "third");
  CHECK((*read)->version == "3");
}

TEST_CASE("an instance is destroyed, also one that is called by no pointer") {
  OneObject one;
  {
    const auto object = opened();
    CHECK(one.instances == 1);
  }
  CHECK(one.instances == 0);
}

TEST_CASE("a storage that tells no version, or does not answer, is no place for state") {
  test::Golden told(std::filesystem::path(WEIR_GOLDEN) / "storage_object.txt");
  OneObject one;
  one.version = "1";
  const auto object = opened();
  const auto tell = [&told](const char* what, const base::Error& error) { told.tell(what, manifest::render(error)); };
  one.told = "-";
  tell("no version", object->version().error());
  tell("no version of what was replaced", object->replace("x", "1").error());
  one.told.clear();
  one.objects = 2;
  tell("two objects", object->version().error());
  one.objects = 1;
  one.fails = WEIR_PERMISSION_DENIED;
  tell("no rights", object->read().error());
  told.end();
}

}  // namespace weir::run
