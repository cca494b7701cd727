// What a test of a plugin needs of a host, in one header: options, a context, and receivers for schemas, rows, splits and
// bytes that keep what they get. It checks nothing that the real host checks: `weir plugin test` does that. Threads: a
// test's one, but what weir.h calls [any].
#pragma once

#include <atomic>
#include <initializer_list>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "arrow.hpp"
#include "cpp/context.hpp"

namespace weir::testing {

// The options of a component, by JSON pointer: Options{{"/table", "orders"}, {"/key/0", "id"}, {"/rows", 10}}.
class Options {
 public:
  using Value = std::variant<std::string, std::int64_t, double, bool>;
  struct Option {
    Option(std::string path_given, const char* text) : path(std::move(path_given)), value(std::string(text)) {}
    Option(std::string path_given, std::string text) : path(std::move(path_given)), value(std::move(text)) {}
    Option(std::string path_given, int number) : path(std::move(path_given)), value(std::int64_t{number}) {}
    Option(std::string path_given, std::int64_t number) : path(std::move(path_given)), value(number) {}
    Option(std::string path_given, double number) : path(std::move(path_given)), value(number) {}
    Option(std::string path_given, bool yes) : path(std::move(path_given)), value(yes) {}
    std::string path;
    Value value;
  };

  Options() : Options(std::initializer_list<Option>{}) {}
  Options(std::initializer_list<Option> options) : options_(options) {
    table_.raw = {sizeof(weir_config), {"{}", 2}, text, integer, number, boolean, count, kind, key};
  }
  // Sets one option, in place of what it was.
  Options& with(Option option) {
    for (auto& had : options_) {
      if (had.path == option.path) {
        had = std::move(option);
        return *this;
      }
    }
    options_.push_back(std::move(option));
    return *this;
  }
  // Valid while these options stay where they are.
  const weir_config* config() {
    table_.self = this;
    return &table_.raw;
  }

 private:
  struct Table {
    weir_config raw{};
    const Options* self = nullptr;
  };

  static const Options& of(const weir_config* raw) { return *reinterpret_cast<const Table*>(raw)->self; }
  const Value* find(weir_string path) const {
    for (const auto& option : options_) {
      if (option.path == to_view(path)) return &option.value;
    }
    return nullptr;
  }
  // The names right below a path, in order, each once.
  std::vector<std::string_view> names(weir_string path) const {
    std::vector<std::string_view> found;
    const std::string prefix = std::string(to_view(path)) + "/";
    for (const auto& option : options_) {
      if (!option.path.starts_with(prefix)) continue;
      std::string_view name = std::string_view(option.path).substr(prefix.size());
      name = name.substr(0, name.find('/'));
      if (found.empty() || found.back() != name) found.push_back(name);
    }
    return found;
  }
  static weir_string text(const weir_config* raw, weir_string path) {
    const Value* value = of(raw).find(path);
    const auto* text = value == nullptr ? nullptr : std::get_if<std::string>(value);
    return text == nullptr ? weir_string{} : to_weir(*text);
  }
  static std::int64_t integer(const weir_config* raw, weir_string path) {
    const Value* value = of(raw).find(path);
    const auto* integer = value == nullptr ? nullptr : std::get_if<std::int64_t>(value);
    return integer == nullptr ? 0 : *integer;
  }
  static double number(const weir_config* raw, weir_string path) {
    const Value* value = of(raw).find(path);
    const auto* number = value == nullptr ? nullptr : std::get_if<double>(value);
    return number == nullptr ? static_cast<double>(integer(raw, path)) : *number;
  }
  static std::int32_t boolean(const weir_config* raw, weir_string path) {
    const Value* value = of(raw).find(path);
    const auto* boolean = value == nullptr ? nullptr : std::get_if<bool>(value);
    return boolean != nullptr && *boolean ? 1 : 0;
  }
  static std::uint64_t count(const weir_config* raw, weir_string path) { return of(raw).names(path).size(); }
  static std::int32_t kind(const weir_config* raw, weir_string path) {
    static constexpr std::int32_t kKinds[] = {WEIR_CONFIG_TEXT, WEIR_CONFIG_INTEGER, WEIR_CONFIG_NUMBER,
                                              WEIR_CONFIG_BOOLEAN};
    const Value* value = of(raw).find(path);
    if (value != nullptr) return kKinds[value->index()];
    const auto below = of(raw).names(path);
    return below.empty() ? WEIR_CONFIG_ABSENT : below[0] == "0" ? WEIR_CONFIG_ARRAY : WEIR_CONFIG_OBJECT;
  }
  static weir_string key(const weir_config* raw, weir_string path, std::uint64_t index) {
    const auto below = of(raw).names(path);
    return index < below.size() ? to_weir(of(raw).unescaped(below[index])) : weir_string{};
  }
  // The name that a part of a JSON pointer spells, kept as long as the options.
  const std::string& unescaped(std::string_view part) const {
    std::string name;
    for (std::size_t i = 0; i < part.size(); ++i) {
      const bool escape = part[i] == '~' && i + 1 < part.size();
      name += !escape ? part[i] : part[++i] == '1' ? '/' : '~';
    }
    return *keys_.insert(std::move(name)).first;
  }

  std::vector<Option> options_;
  mutable std::set<std::string> keys_;
  Table table_;
};

// One instance's context and host. The test owns the clock: it stands still, or goes on by `tick` each time it is read.
class Surroundings {
 public:
  explicit Surroundings(Options options = {}) : options_(std::move(options)) {
    host_.raw = {sizeof(weir_host), WEIR_ABI, 0, now, log, extension, cancelled};
  }
  Surroundings(const Surroundings&) = delete;
  Surroundings& operator=(const Surroundings&) = delete;

  std::string run = "run-1", link = "link", lane = "lane", stream;
  std::uint64_t fence = 1, epoch = 1;
  std::int32_t commit = WEIR_COMMIT_NONE;
  std::atomic<std::int64_t> clock{0};
  std::int64_t tick = 0;
  std::atomic<bool> cancel{false};

  Options& options() { return options_; }
  // Valid until the next call, and while this stays where it is.
  const weir_context* context() {
    host_.self = this;
    context_ = {};
    context_.size = sizeof context_;
    context_.host = &host_.raw;
    context_.config = options_.config();
    context_.run = to_weir(run);
    context_.link = to_weir(link);
    context_.lane = to_weir(lane);
    stream_ = to_weir(stream);
    context_.streams = &stream_;
    context_.stream_count = 1;
    context_.fence = fence;
    context_.epoch = epoch;
    context_.commit = commit;
    return &context_;
  }

 private:
  struct Table {
    weir_host raw{};
    Surroundings* self = nullptr;
  };
  static Surroundings& of(const weir_host* raw) { return *reinterpret_cast<const Table*>(raw)->self; }
  static std::int64_t now(const weir_host* raw) { return of(raw).clock += of(raw).tick; }
  static void log(const weir_host*, std::int32_t, weir_string, weir_string) {}
  static const void* extension(const weir_host*, weir_string) { return nullptr; }
  static std::int32_t cancelled(const weir_host* raw) { return of(raw).cancel ? 1 : 0; }

  Options options_;
  Table host_;
  weir_context context_{};
  weir_string stream_{};
};

// Keeps the schemas that a component tells.
class Schemas {
 public:
  const weir_schema_sink* sink() {
    table_ = {{sizeof(weir_schema_sink), put, same}, this};
    return &table_.raw;
  }
  std::vector<Schema> kept;

 private:
  struct Table {
    weir_schema_sink raw{};
    Schemas* self = nullptr;
  };
  static weir_status put(const weir_schema_sink* raw, weir_string, ArrowSchema* schema) {
    reinterpret_cast<const Table*>(raw)->self->kept.emplace_back(schema);
    return WEIR_OK;
  }
  static weir_status same(const weir_schema_sink* raw, weir_string, const ArrowSchema* schema) {
    reinterpret_cast<const Table*>(raw)->self->kept.push_back(Schema::copy_of(*schema));
    return WEIR_OK;
  }
  Table table_;
};

// Keeps what a component passes on.
class Collected {
 public:
  struct Pushed {
    Array rows;
    std::uint64_t output = 0;
    std::int64_t base = -1;
  };
  struct Rejected {
    std::int64_t row = WEIR_NO_ROW;
    std::string column, reason, detail;
  };
  const weir_next* next() {
    table_ = {{sizeof(weir_next), push, select, reject, drop}, this};
    return &table_.raw;
  }
  std::vector<Pushed> pushed;
  std::vector<std::uint32_t> selected;  // of the batch in hand
  bool selected_all = false;
  std::vector<Rejected> rejected;
  std::uint64_t dropped = 0;

 private:
  struct Table {
    weir_next raw{};
    Collected* self = nullptr;
  };
  static Collected& of(const weir_next* raw) { return *reinterpret_cast<const Table*>(raw)->self; }
  static weir_status push(const weir_next* raw, std::uint64_t output, weir_batch* batch) {
    of(raw).pushed.push_back({Array(&batch->rows), output, batch->base});
    if (batch->origins.release != nullptr) batch->origins.release(&batch->origins);
    return WEIR_OK;
  }
  static weir_status select(const weir_next* raw, std::uint64_t, const std::uint32_t* rows, std::uint64_t count) {
    if (rows == nullptr)
      of(raw).selected_all = true;
    else
      of(raw).selected.insert(of(raw).selected.end(), rows, rows + count);
    return WEIR_OK;
  }
  static weir_status reject(const weir_next* raw, const weir_reject* reject) {
    of(raw).rejected.push_back({reject->row, std::string(to_view(reject->column)), std::string(to_view(reject->reason)),
                                std::string(to_view(reject->detail))});
    return WEIR_OK;
  }
  static weir_status drop(const weir_next* raw, std::uint64_t count, weir_string) {
    of(raw).dropped += count;
    return WEIR_OK;
  }
  Table table_;
};

// Keeps the splits of a plan.
class Splits {
 public:
  struct Split {
    std::string id, token;
    std::int64_t rows = -1;
  };
  const weir_plan* plan() {
    table_ = {{sizeof(weir_plan), add, remove, state}, this};
    return &table_.raw;
  }
  std::vector<Split> kept;

 private:
  struct Table {
    weir_plan raw{};
    Splits* self = nullptr;
  };
  static weir_status add(const weir_plan* raw, const weir_split* split) {
    reinterpret_cast<const Table*>(raw)->self->kept.push_back(
        {std::string(to_view(split->id)), std::string(to_view(split->token)), split->rows});
    return WEIR_OK;
  }
  static weir_status remove(const weir_plan*, weir_string) { return WEIR_OK; }
  static weir_status state(const weir_plan*, weir_bytes) { return WEIR_OK; }
  Table table_;
};

// Keeps bytes, one text a put().
class Bytes {
 public:
  const weir_sink* sink() {
    table_ = {{sizeof(weir_sink), put}, this};
    return &table_.raw;
  }
  std::vector<std::string> kept;

 private:
  struct Table {
    weir_sink raw{};
    Bytes* self = nullptr;
  };
  static weir_status put(const weir_sink* raw, weir_bytes bytes) {
    reinterpret_cast<const Table*>(raw)->self->kept.emplace_back(to_view(bytes));
    return WEIR_OK;
  }
  Table table_;
};

// A struct for an error, empty.
inline weir_error no_error() {
  weir_error error{};
  weir_error_clear(&error);
  return error;
}

// A column of utf8; a null pointer is a null.
inline Array text_column(const std::vector<const char*>& values) {
  TextBuilder builder;
  for (const char* value : values) {
    if (value == nullptr) {
      builder.append_null();
    } else {
      builder.append(value);
    }
  }
  return builder.finish();
}

// The batch of rows that a call is lent.
inline weir_batch batch_of(Array rows) {
  weir_batch batch{};
  weir_batch_clear(&batch);
  batch.rows = rows.release();
  return batch;
}

// The component called `name` of a plugin, of a kind (0: the first of any); null if it has none.
inline const weir_component* component_of(const weir_plugin* plugin, std::string_view name, std::int32_t kind = 0) {
  for (std::uint64_t i = 0; i < plugin->count; ++i) {
    const weir_component* component = plugin->components[i];
    if (to_view(component->name) == name && (kind == 0 || component->kind == kind)) return component;
  }
  return nullptr;
}

}  // namespace weir::testing
