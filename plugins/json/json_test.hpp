// What the tests of the json format share: a host that is just enough, arrays made by hand, and the encoder behind its
// ABI.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <weir/weir.hpp>
#include <weir_catch.hpp>

namespace weir::json {

// Buffer of the given values.
template <class T>
Buffer buffer_of(const std::vector<T>& values) {
  Buffer buffer;
  buffer.append(values.data(), values.size() * sizeof(T));
  return buffer;
}

// A bitmap; an empty one if every bit is set.
inline Buffer bits_of(const std::vector<bool>& bits, bool keep = false) {
  Buffer buffer;
  bool all = true;
  buffer.resize((bits.size() + 7) / 8);
  for (std::size_t i = 0; i < buffer.size(); ++i) buffer.data()[i] = 0;
  for (std::size_t i = 0; i < bits.size(); ++i) {
    all = all && bits[i];
    if (bits[i]) buffer.data()[i / 8] = static_cast<std::uint8_t>(buffer.data()[i / 8] | 1U << (i % 8));
  }
  return all && !keep ? Buffer() : std::move(buffer);
}

// An array whose rows are valid as `valid` says (empty: all). null_count is unknown, as a producer may leave it.
inline Array array_of(std::int64_t length, const std::vector<bool>& valid, std::vector<Buffer> buffers,
                      std::vector<Array> children = {}) {
  buffers.insert(buffers.begin(), bits_of(valid));
  return make_array(length, valid.empty() ? 0 : -1, std::move(buffers), std::move(children));
}

template <class T>
Array numbers(const std::vector<T>& values, const std::vector<bool>& valid = {}) {
  std::vector<Buffer> buffers;
  buffers.push_back(buffer_of(values));
  return array_of(static_cast<std::int64_t>(values.size()), valid, std::move(buffers));
}

template <class Offset = std::int32_t>
Array texts(const std::vector<std::string>& values, const std::vector<bool>& valid = {}) {
  std::vector<Offset> offsets{0};
  std::string all;
  for (const auto& value : values) {
    all += value;
    offsets.push_back(static_cast<Offset>(all.size()));
  }
  std::vector<Buffer> buffers;
  buffers.push_back(buffer_of(offsets));
  buffers.emplace_back();
  buffers[1].append(all.data(), all.size());
  return array_of(static_cast<std::int64_t>(values.size()), valid, std::move(buffers));
}

template <class Offset = std::int32_t>
Array lists(const std::vector<Offset>& offsets, Array items, const std::vector<bool>& valid = {}) {
  std::vector<Buffer> buffers;
  buffers.push_back(buffer_of(offsets));
  std::vector<Array> children;
  children.push_back(std::move(items));
  return array_of(static_cast<std::int64_t>(offsets.size()) - 1, valid, std::move(buffers), std::move(children));
}

template <class... Arrays>
Array structs(std::int64_t length, const std::vector<bool>& valid, Arrays... fields) {
  std::vector<Array> children;
  (children.push_back(std::move(fields)), ...);
  return array_of(length, valid, {}, std::move(children));
}

// Owns a dictionary beside the array whose values it holds.
struct WithDictionary {
  Array indices, values;
};

struct RejectedRow {
  std::int64_t row;
  std::string column, reason;
};

// The encoder, with what it wrote and rejected.
class Lines {
 public:
  // `written`: the bytes that stand already, which it goes on behind.
  explicit Lines(std::vector<Schema> fields, std::int64_t written = 0) : schema_(Schema::rows(std::move(fields))) {
    output_.size = sizeof(weir_output);
    output_.weir_output::written = written;
    output_.write = [](const weir_output* self, weir_bytes bytes, weir_error*) {
      static_cast<const Text*>(self)->all += to_view(bytes);
      return weir_status{WEIR_OK};
    };
    next_.size = sizeof(weir_next);
    next_.reject = [](const weir_next* self, const weir_reject* reject) {
      static_cast<const Rejects*>(self)->all.push_back(
          {reject->row, std::string(to_view(reject->column)), std::string(to_view(reject->reason))});
      return weir_status{WEIR_OK};
    };
    stored_.size = sizeof(weir_schema_sink);
    stored_.same = [](const weir_schema_sink*, weir_string, const ArrowSchema*) { return weir_status{WEIR_OK}; };
    weir_error_clear(&error);
    context_.size = sizeof context_;
    status = table().open_encoder(&context_, &schema_.get(), &stored_, &output_, &self_, &error);
  }
  ~Lines() {
    if (self_ != nullptr) table().close_encoder(self_);
  }
  Lines(const Lines&) = delete;
  Lines& operator=(const Lines&) = delete;

  static const weir_format& table() { return *static_cast<const weir_format*>(weir_plugin_v1()->components[0]->table); }

  // Encodes rows [offset, offset + length) of the columns, by an offset of the struct itself.
  void encode(std::vector<Array> columns, std::int64_t length, std::int64_t offset = 0) {
    Array rows = rows_of(offset + length, std::move(columns));
    rows.address()->offset = offset;
    rows.address()->length = length;
    weir_batch batch{};
    weir_batch_clear(&batch);
    batch.rows = *rows.address();
    REQUIRE(table().encode(self_, &batch, &next_, &error) == WEIR_OK);
  }
  void flush() { REQUIRE(table().flush(self_, &error) == WEIR_OK); }
  // Gives everything written so far, and begins anew.
  std::string take() {
    REQUIRE(table().end(self_, &error) == WEIR_OK);
    return taken();
  }
  // The same, without an end.
  std::string taken() { return std::exchange(output_.all, std::string()); }
  std::size_t written() const { return output_.all.size(); }
  const std::vector<RejectedRow>& rejected() const { return next_.all; }

  weir_status status = WEIR_OK;
  weir_error error{};

 private:
  struct Text : weir_output {
    mutable std::string all;
  };
  struct Rejects : weir_next {
    mutable std::vector<RejectedRow> all;
  };
  Schema schema_;
  Text output_{};
  Rejects next_{};
  weir_schema_sink stored_{};
  weir_context context_{};
  void* self_ = nullptr;
};

// The values of one column called "v", one line each, without what stands around them.
inline std::string values_of(Schema field, Array column) {
  const std::int64_t length = column->length;
  std::vector<Schema> fields;
  fields.push_back(std::move(field));
  Lines lines(std::move(fields));
  REQUIRE(std::string(lines.error.message).empty());
  std::vector<Array> columns;
  columns.push_back(std::move(column));
  lines.encode(std::move(columns), length);
  std::string all = lines.take(), values;
  for (std::size_t at = 0; at < all.size();) {
    const std::size_t end = all.find('\n', at);
    REQUIRE(all.substr(at, 5) == "{\"v\":");
    REQUIRE(all[end - 1] == '}');
    values += (at == 0 ? "" : " ") + all.substr(at + 5, end - at - 6);
    at = end + 1;
  }
  return values;
}

inline std::string values_of(const char* format, Array column) {
  return values_of(Schema::field(format, "v"), std::move(column));
}

}  // namespace weir::json
