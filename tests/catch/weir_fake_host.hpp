// A host as small as a transformer's test needs: gives a configuration, takes what is pushed, selected, rejected, dropped.
#pragma once

#include <cstring>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <weir/ext/draft/quality.h>
#include <weir/weir.hpp>

namespace weir::test {

// Options by JSON pointer; objects as lists of keys, in order, arrays as their counts.
struct Options {
  std::map<std::string, std::string> texts = {};
  std::map<std::string, std::vector<std::string>> objects = {};
  std::map<std::string, std::uint64_t> arrays = {};
  std::map<std::string, std::int64_t> integers = {};
  std::map<std::string, double> numbers = {};
  std::map<std::string, bool> booleans = {};
};

struct Rejected {
  std::int64_t row;
  std::string column, reason, detail;
  bool operator==(const Rejected&) const = default;
};

// What one process() told.
struct Outcome {
  weir_status status = WEIR_OK;
  weir_error error{};
  std::vector<std::uint32_t> selected;  // rows of the batch, of whatever output
  bool all = false;                     // select_all
  std::map<std::uint64_t, std::vector<std::uint32_t>> by_output;
  std::vector<Array> pushed;
  std::vector<Rejected> rejected;
  std::map<std::string, std::uint64_t> dropped;
};

class FakeHost {
 public:
  explicit FakeHost(Options options) : options_(std::move(options)) {
    host_.host.size = sizeof(weir_host);
    host_.host.abi = WEIR_ABI;
    host_.host.now = [](const weir_host*) { return std::int64_t{0}; };
    host_.host.log = [](const weir_host* self, std::int32_t, weir_string event, weir_string detail) {
      reinterpret_cast<const Host*>(self)->owner->logged.emplace_back(std::string(to_view(event)) + " " +
                                                                      std::string(to_view(detail)));
    };
    host_.host.extension = [](const weir_host*, weir_string id) -> const void* {
      static constexpr weir_quality quality{sizeof(weir_quality), judge};
      return to_view(id) == WEIR_QUALITY ? &quality : nullptr;
    };
    host_.host.cancelled = [](const weir_host*) { return 0; };
    host_.owner = this;
    fill_config();
    context_.size = sizeof context_;
    context_.host = &host_.host;
    context_.config = &config_.config;
    context_.link = to_weir("link");
    context_.stream_count = 1;
  }
  FakeHost(const FakeHost&) = delete;
  FakeHost& operator=(const FakeHost&) = delete;
  ~FakeHost() {
    if (self_ != nullptr) table_->destroy(self_);
  }

  std::vector<std::string> logged;
  std::vector<std::string> judged;  // "VERDICT SUBJECT: EXPECTED; FOUND, ROWS"
  std::vector<Schema> outputs;
  std::vector<std::string> output_names;
  weir_error error{};

  // Makes the instance; its error stands in `error`.
  template <class T>
  weir_status create(const ArrowSchema& input) {
    table_ = &weir::detail::kTransformer<T>;
    weir_error_clear(&error);
    SchemaSink sink{{sizeof(weir_schema_sink), put, same}, this};
    const ArrowSchema* inputs[] = {&input};
    const weir_string names[] = {to_weir("")};
    return table_->create(&context_, inputs, names, 1, &sink.sink, &self_, &error);
  }

  // What it says of itself, with these options.
  template <class T>
  weir_traits traits() {
    weir_traits traits{};
    traits.size = sizeof traits;
    weir_error_clear(&error);
    weir::detail::kTransformer<T>.traits(&config_.config, &traits, &error);
    return traits;
  }

  // The instance, for its extensions.
  void* self() const { return self_; }

  // Handles `rows`, of which `live` are live if given.
  Outcome process(const ArrowArray& rows, const std::vector<std::uint32_t>* live = nullptr) {
    Outcome outcome;
    weir_error_clear(&outcome.error);
    weir_batch batch{};
    weir_batch_clear(&batch);
    batch.rows = rows;
    batch.rows.release = [](ArrowArray* array) { array->release = nullptr; };  // the test keeps it
    if (live != nullptr) {
      batch.selected = live->data();
      batch.selected_count = live->size();
    }
    NextRows next{{sizeof(weir_next), push, select, reject, drop}, &outcome, rows.length, live};
    outcome.status = table_->process(self_, 0, &batch, &next.next, &outcome.error);
    return outcome;
  }
  weir_status flush(std::int32_t why, Outcome& outcome) {
    NextRows next{{sizeof(weir_next), push, select, reject, drop}, &outcome, 0, nullptr};
    return table_->flush == nullptr ? WEIR_OK : table_->flush(self_, 0, why, &next.next, &outcome.error);
  }

 private:
  struct Host {
    weir_host host{};
    FakeHost* owner = nullptr;
  };
  struct Config {
    weir_config config{};
    FakeHost* owner = nullptr;
  };
  struct SchemaSink {
    weir_schema_sink sink;
    FakeHost* owner;
  };
  struct NextRows {
    weir_next next;
    Outcome* outcome;
    std::int64_t length;
    const std::vector<std::uint32_t>* live;
  };

  static void judge(const weir_host* self, const weir_judgement* told) {
    static constexpr const char* kVerdicts[] = {"kept", "warned", "rejected", "failed"};
    std::string text = std::string(kVerdicts[told->verdict]) + " " + std::string(to_view(told->subject)) + ": " +
                       std::string(to_view(told->expected)) + "; " + std::string(to_view(told->found)) + ", " +
                       std::to_string(told->rows);
    reinterpret_cast<const Host*>(self)->owner->judged.push_back(std::move(text));
  }
  static FakeHost& of(const weir_config* self) { return *reinterpret_cast<const Config*>(self)->owner; }
  template <class T>
  static T value_in(const std::map<std::string, T>& values, weir_string path) {
    const auto found = values.find(path_of(path));
    return found == values.end() ? T{} : found->second;
  }
  static std::string path_of(weir_string path) { return std::string(to_view(path)); }

  void fill_config() {
    config_.owner = this;
    config_.config.size = sizeof(weir_config);
    config_.config.text = [](const weir_config* self, weir_string path) {
      const auto& texts = of(self).options_.texts;
      const auto found = texts.find(path_of(path));
      return found == texts.end() ? weir_string{nullptr, 0} : to_weir(found->second);
    };
    config_.config.integer = [](const weir_config* self, weir_string path) {
      return value_in(of(self).options_.integers, path);
    };
    config_.config.number = [](const weir_config* self, weir_string path) {
      return value_in(of(self).options_.numbers, path);
    };
    config_.config.boolean = [](const weir_config* self, weir_string path) {
      return value_in(of(self).options_.booleans, path) ? 1 : 0;
    };
    config_.config.count = [](const weir_config* self, weir_string path) {
      const auto& objects = of(self).options_.objects;
      const auto found = objects.find(path_of(path));
      return found == objects.end() ? value_in(of(self).options_.arrays, path) : std::uint64_t{found->second.size()};
    };
    config_.config.kind = [](const weir_config* self, weir_string path) {
      const Options& options = of(self).options_;
      const std::string at = path_of(path);
      std::int32_t kind = WEIR_CONFIG_ABSENT;
      if (options.texts.contains(at)) kind = WEIR_CONFIG_TEXT;
      if (options.objects.contains(at)) kind = WEIR_CONFIG_OBJECT;
      if (options.arrays.contains(at)) kind = WEIR_CONFIG_ARRAY;
      if (options.integers.contains(at)) kind = WEIR_CONFIG_INTEGER;
      if (options.numbers.contains(at)) kind = WEIR_CONFIG_NUMBER;
      if (options.booleans.contains(at)) kind = WEIR_CONFIG_BOOLEAN;
      return kind;
    };
    config_.config.key = [](const weir_config* self, weir_string path, std::uint64_t index) {
      return to_weir(of(self).options_.objects.at(path_of(path)).at(index));
    };
  }

  static weir_status put(const weir_schema_sink* self, weir_string name, ArrowSchema* schema) {
    auto* owner = reinterpret_cast<const SchemaSink*>(self)->owner;
    owner->outputs.emplace_back(schema);
    owner->output_names.emplace_back(to_view(name));
    return WEIR_OK;
  }
  static weir_status same(const weir_schema_sink* self, weir_string name, const ArrowSchema* schema) {
    Schema copy = Schema::copy_of(*schema);
    return put(self, name, copy.address());
  }
  static weir_status push(const weir_next* self, std::uint64_t, weir_batch* batch) {
    auto& outcome = *reinterpret_cast<const NextRows*>(self)->outcome;
    outcome.pushed.emplace_back(&batch->rows);
    if (batch->origins.release != nullptr) batch->origins.release(&batch->origins);
    return WEIR_OK;
  }
  static weir_status select(const weir_next* self, std::uint64_t output, const std::uint32_t* rows,
                            std::uint64_t count) {
    const auto& next = *reinterpret_cast<const NextRows*>(self);
    std::vector<std::uint32_t> chosen;
    if (rows != nullptr) {
      chosen.assign(rows, rows + count);
    } else if (next.live != nullptr) {
      chosen = *next.live;
    } else {
      for (std::int64_t i = 0; i < next.length; ++i) chosen.push_back(static_cast<std::uint32_t>(i));
    }
    next.outcome->all = next.outcome->all || rows == nullptr;
    next.outcome->selected.insert(next.outcome->selected.end(), chosen.begin(), chosen.end());
    auto& at = next.outcome->by_output[output];
    at.insert(at.end(), chosen.begin(), chosen.end());
    return WEIR_OK;
  }
  static weir_status reject(const weir_next* self, const weir_reject* reject) {
    reinterpret_cast<const NextRows*>(self)->outcome->rejected.push_back(
        {reject->row, std::string(to_view(reject->column)), std::string(to_view(reject->reason)),
         std::string(to_view(reject->detail))});
    return WEIR_OK;
  }
  static weir_status drop(const weir_next* self, std::uint64_t count, weir_string reason) {
    reinterpret_cast<const NextRows*>(self)->outcome->dropped[std::string(to_view(reason))] += count;
    return WEIR_OK;
  }

  Options options_;
  Host host_;
  Config config_;
  weir_context context_{};
  const weir_transformer* table_ = nullptr;
  void* self_ = nullptr;
};

}  // namespace weir::test
