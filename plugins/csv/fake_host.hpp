// For tests: a host small enough to see through. It gives a format its configuration, and keeps what it pushes, rejects and
// logs.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>
#include <weir/testing_format.hpp>
#include <weir/weir.hpp>

namespace weir::test {

using testing::InputBytes;
using testing::Wanted;

// A configuration from JSON text.
class FakeConfig : public weir_config {
 public:
  explicit FakeConfig(const std::string& given)
      : weir_config{}, tree_(nlohmann::ordered_json::parse(given)), text_(given) {
    size = sizeof(weir_config);
    weir_config::json = {text_.data(), text_.size()};
    text = [](const weir_config* self, weir_string path) {
      const auto* node = at(self, path);
      return node != nullptr && node->is_string() ? keep(self, node->get<std::string>()) : weir_string{};
    };
    integer = [](const weir_config* self, weir_string path) {
      const auto* node = at(self, path);
      return node != nullptr && node->is_number() ? node->get<std::int64_t>() : 0;
    };
    number = [](const weir_config* self, weir_string path) {
      const auto* node = at(self, path);
      return node != nullptr && node->is_number() ? node->get<double>() : 0;
    };
    boolean = [](const weir_config* self, weir_string path) {
      const auto* node = at(self, path);
      return node != nullptr && node->is_boolean() && node->get<bool>() ? 1 : 0;
    };
    count = [](const weir_config* self, weir_string path) {
      const auto* node = at(self, path);
      return node != nullptr && node->is_structured() ? std::uint64_t{node->size()} : 0;
    };
    kind = [](const weir_config* self, weir_string path) -> std::int32_t {
      const auto* node = at(self, path);
      if (node == nullptr) return WEIR_CONFIG_ABSENT;
      if (node->is_null()) return WEIR_CONFIG_NULL;
      if (node->is_boolean()) return WEIR_CONFIG_BOOLEAN;
      if (node->is_string()) return WEIR_CONFIG_TEXT;
      if (node->is_array()) return WEIR_CONFIG_ARRAY;
      if (node->is_object()) return WEIR_CONFIG_OBJECT;
      return node->is_number_integer() ? WEIR_CONFIG_INTEGER : WEIR_CONFIG_NUMBER;
    };
    key = [](const weir_config* self, weir_string path, std::uint64_t index) {
      const auto* node = at(self, path);
      return keep(self, std::next(node->begin(), static_cast<std::ptrdiff_t>(index)).key());
    };
  }

 private:
  static const nlohmann::ordered_json* at(const weir_config* self, weir_string path) {
    const auto& tree = static_cast<const FakeConfig*>(self)->tree_;
    const nlohmann::ordered_json::json_pointer pointer{std::string(to_view(path))};
    return tree.contains(pointer) ? &tree.at(pointer) : nullptr;
  }
  static weir_string keep(const weir_config* self, std::string value) {
    auto& kept = static_cast<const FakeConfig*>(self)->kept_;
    kept.push_back(std::move(value));
    return {kept.back().data(), kept.back().size()};
  }
  nlohmann::ordered_json tree_;
  std::string text_;
  mutable std::deque<std::string> kept_;
};

// A host that remembers its log.
class FakeHost : public weir_host {
 public:
  FakeHost() : weir_host{} {
    size = sizeof(weir_host);
    now = [](const weir_host*) { return std::int64_t{0}; };
    log = [](const weir_host* self, std::int32_t, weir_string event, weir_string detail) {
      static_cast<const FakeHost*>(self)->lines.push_back(std::string(to_view(event)) + " " +
                                                          std::string(to_view(detail)));
    };
    extension = [](const weir_host*, weir_string) -> const void* { return nullptr; };
    cancelled = [](const weir_host*) { return 0; };
  }
  mutable std::vector<std::string> lines;
};

struct FakeContext : weir_context {
  FakeContext(const FakeHost& fake_host, const FakeConfig& fake_config, const ArrowSchema* agreed = nullptr)
      : weir_context{}, schema(agreed) {
    size = sizeof(weir_context);
    host = &fake_host;
    config = &fake_config;
    streams = &name;
    stream_count = 1;
    expected = &schema;
  }
  const ArrowSchema* schema;
  weir_string name{};
};

class FakeOutput : public weir_output {
 public:
  FakeOutput() : weir_output{} {
    size = sizeof(weir_output);
    write = [](const weir_output* self, weir_bytes more, weir_error*) -> weir_status {
      static_cast<const FakeOutput*>(self)->bytes += to_view(more);
      return WEIR_OK;
    };
  }
  mutable std::string bytes;
};

// Keeps the schema that a component tells.
class FakeSchemas : public weir_schema_sink {
 public:
  FakeSchemas() : weir_schema_sink{} {
    size = sizeof(weir_schema_sink);
    put = [](const weir_schema_sink* self, weir_string, ArrowSchema* told) -> weir_status {
      static_cast<const FakeSchemas*>(self)->schema = Schema(told);
      return WEIR_OK;
    };
    same = [](const weir_schema_sink* self, weir_string, const ArrowSchema* told) -> weir_status {
      static_cast<const FakeSchemas*>(self)->schema = Schema::copy_of(*told);
      return WEIR_OK;
    };
  }
  mutable Schema schema;
};

struct FakeReject {
  std::int64_t offset, within, row;
  std::string record, fields, column, reason, detail;
  bool operator==(const FakeReject&) const = default;
};

// Keeps batches and rejects.
class FakeNext : public weir_next {
 public:
  FakeNext() : weir_next{} {
    size = sizeof(weir_next);
    push = [](const weir_next* self, std::uint64_t, weir_batch* batch) -> weir_status {
      const auto& next = *static_cast<const FakeNext*>(self);
      next.bases.push_back(batch->base);
      next.batches.emplace_back(&batch->rows);
      next.origins.emplace_back(&batch->origins);
      return WEIR_OK;
    };
    reject = [](const weir_next* self, const weir_reject* row) -> weir_status {
      static_cast<const FakeNext*>(self)->rejects.push_back(
          {row->offset, row->within, row->row, std::string(to_view(row->record)), std::string(to_view(row->fields)),
           std::string(to_view(row->column)), std::string(to_view(row->reason)), std::string(to_view(row->detail))});
      return WEIR_OK;
    };
  }
  std::int64_t rows() const {
    std::int64_t count = 0;
    for (const auto& batch : batches) count += batch->length;
    return count;
  }
  mutable std::vector<Array> batches, origins;
  mutable std::vector<std::int64_t> bases;
  mutable std::vector<FakeReject> rejects;
};

// The text of a failure: status, message, hint, option, offset.
inline weir_error error_of(const Failure& failure) {
  weir_error error{};
  weir_error_clear(&error);
  failure.fill(&error);
  return error;
}

}  // namespace weir::test
