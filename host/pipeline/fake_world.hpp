// World: components over a world in memory, for tests of what puts them together. A storage that stages what is written;
// a codec that doubles each letter ("NAME.x2"); a format of a number a line below the column's name ("NAME.txt"), which
// rejects negative ones when it writes, and writes behind others of its name; an extractor of splits. Calls are noted, and fail as they are told to.
#pragma once

#include <algorithm>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <weir/ext/draft/append.h>

#include "pipeline/fake_parts.hpp"

namespace weir::pipeline::fake {

inline std::string text_of(weir_string text) { return {text.data, text.length}; }
inline std::string text_of(weir_bytes bytes) { return {reinterpret_cast<const char*>(bytes.data), bytes.length}; }
inline weir_string lent(const std::string& text) { return {text.data(), text.size()}; }

// One at a time: the tables' functions find it by current(). Threads: one caller at a time.
class World {
 public:
  struct Failing {
    int times = 0;
    weir_status status = WEIR_UNAVAILABLE;
  };

  World() { current_ = this; }
  ~World() { current_ = nullptr; }
  World(const World&) = delete;
  World& operator=(const World&) = delete;
  static World& current() { return *current_; }

  // Notes a call; tells how it ends.
  weir_status call(const std::string& function, weir_error* error) {
    calls.push_back(function);
    const auto found = failing.find(function);
    if (found == failing.end() || found->second.times-- <= 0) return WEIR_OK;
    return weir_fail(error, found->second.status, WEIR_FAULT_DESTINATION, ("told to fail: " + function).c_str());
  }
  std::ptrdiff_t count(const std::string& function) const { return std::count(calls.begin(), calls.end(), function); }

  std::mutex mutex;                                         // of commit() and abort(), which come side by side
  std::map<std::string, std::string> objects, staged;       // by name
  std::map<std::string, std::string> versions, checksums;   // of objects; none: unknown
  std::map<std::string, std::vector<std::int64_t>> splits;  // the extractor's
  std::map<std::string, std::string> columns;               // of a split; none: "n"
  std::map<std::string, Failing> failing;                   // by function
  std::vector<std::string> calls;
  std::int32_t outcome = WEIR_READ_END;               // what readers tell at their end
  std::uint64_t lies = 0;                             // how many bytes more the codec tells than it had room for
  std::int64_t modified_ns = 0;                       // of all objects
  bool stuck = false;                                 // the codec does nothing
  bool flood = false;                                 // the storage tells that it read more than it had room for
  bool comes_once = false;                            // objects can't be read again, the storage tells
  bool continues = false;                             // objects may be gone on with
  std::optional<std::vector<std::string>> positions;  // what readers tell; none: where they stand

 private:
  static inline World* current_ = nullptr;
};

namespace detail {

struct Input : weir_input {
  std::string bytes;
  std::size_t at = 0;
};

struct Output : weir_output {
  std::string name, bytes;
};

template <class Made, class Raw>
Made& mine(const Raw* raw) {
  return *const_cast<Made*>(static_cast<const Made*>(raw));
}

inline weir_status read(const weir_input* self, std::int64_t, std::uint8_t* buffer, std::uint64_t capacity,
                        std::uint64_t* got, std::int32_t* outcome, weir_error* error) {
  auto& input = mine<Input>(self);
  *got = std::min<std::uint64_t>(capacity, input.bytes.size() - input.at);
  std::memcpy(buffer, input.bytes.data() + input.at, *got);
  input.at += *got;
  if (World::current().flood) *got = capacity + 1;
  *outcome = input.at == input.bytes.size() ? WEIR_READ_END : WEIR_READ_MORE;
  return World::current().call("read", error);
}

inline weir_status open_read(void*, weir_string name, weir_string version, const weir_input** made, weir_error* error) {
  World& world = World::current();
  if (const auto status = world.call("open_read", error); status != WEIR_OK) return status;
  if (version.length > 0 && world.versions[text_of(name)] != text_of(version))
    return weir_fail(error, WEIR_FAILED_PRECONDITION, WEIR_FAULT_SOURCE, "another version");
  auto* input = new Input{};
  input->size = sizeof(weir_input);
  input->length = -1;
  input->read = read;
  input->close = [](const weir_input* self) {
    World::current().calls.push_back("close input");
    delete static_cast<const Input*>(self);
  };
  input->bytes = world.objects.at(text_of(name));
  *made = input;
  return WEIR_OK;
}

inline weir_status put_object(const weir_object_sink* sink, const std::string& name, const std::string& bytes) {
  const World& world = World::current();
  weir_object object{};
  object.size = sizeof object;
  object.name = lent(name);
  object.bytes = world.comes_once ? -1 : static_cast<std::int64_t>(bytes.size());
  object.modified_ns = world.modified_ns;
  if (const auto found = world.versions.find(name); found != world.versions.end()) object.version = lent(found->second);
  if (const auto found = world.checksums.find(name); found != world.checksums.end())
    object.checksum = lent(found->second);
  return sink->put(sink, &object);
}

inline weir_status list(void*, weir_string prefix, weir_string, const weir_object_sink* sink, weir_error* error) {
  World& world = World::current();
  const std::string wanted = text_of(prefix).substr(0, text_of(prefix).find('*'));
  for (const auto& [name, bytes] : world.objects) {
    if (!name.starts_with(wanted)) continue;
    if (const auto status = put_object(sink, name, bytes); status != WEIR_OK) return status;
  }
  return world.call("list", error);  // after it told some
}

inline weir_status stat(void*, weir_string name, const weir_object_sink* sink, weir_error* error) {
  World& world = World::current();
  if (const auto status = world.call("stat", error); status != WEIR_OK) return status;
  const auto found = world.objects.find(text_of(name));
  if (found == world.objects.end())
    return weir_fail(error, WEIR_NOT_FOUND, WEIR_FAULT_SOURCE, ("no object " + text_of(name)).c_str());
  return put_object(sink, found->first, found->second);
}

inline weir_status write(const weir_output* self, weir_bytes bytes, weir_error* error) {
  if (const auto status = World::current().call("write", error); status != WEIR_OK) return status;
  mine<Output>(self).bytes += text_of(bytes);
  return WEIR_OK;
}

inline weir_status prepare(const weir_output* self, const weir_sink* committable, weir_receipt*, weir_error* error) {
  World& world = World::current();
  if (const auto status = world.call("prepare", error); status != WEIR_OK) return status;
  const Output& output = mine<Output>(self);
  world.staged[output.name] = output.bytes;
  return committable->put(committable, {reinterpret_cast<const std::uint8_t*>(output.name.data()), output.name.size()});
}

inline weir_status open_write(void*, const weir_context*, weir_string name, std::uint64_t, weir_bytes resume,
                              const weir_output** made, weir_error* error) {
  World& world = World::current();
  if (const auto status = world.call("open_write", error); status != WEIR_OK) return status;
  auto* output = new Output{};
  output->size = sizeof(weir_output);
  output->continues = world.continues ? 1 : 0;
  output->written = resume.length == 0 ? 0 : static_cast<std::int64_t>(world.staged.at(text_of(resume)).size());
  if (resume.length > 0) output->bytes = world.staged.at(text_of(resume));
  output->write = write;
  output->prepare = prepare;
  output->close = [](const weir_output* self) { delete static_cast<const Output*>(self); };
  output->cancel = [](const weir_output*) { World::current().calls.push_back("cancel output"); };
  output->name = text_of(name);
  *made = output;
  return WEIR_OK;
}

inline weir_status commit(void*, weir_bytes committable, weir_error* error) {
  World& world = World::current();
  const std::lock_guard lock(world.mutex);
  if (const auto status = world.call("commit", error); status != WEIR_OK) return status;
  if (auto node = world.staged.extract(text_of(committable)))
    world.objects.insert_or_assign(node.key(), std::move(node.mapped()));
  return WEIR_OK;
}

inline weir_storage storage_table() {
  weir_storage table{};
  table.size = sizeof table;
  table.create = [](const weir_context*, void**, weir_error* error) { return World::current().call("create", error); };
  table.destroy = [](void*) { World::current().calls.push_back("destroy"); };
  table.list = list;
  table.stat = stat;
  table.open_read = open_read;
  table.open_write = open_write;
  table.commit = commit;
  table.abort = [](void*, weir_bytes committable, weir_error* error) {
    World& world = World::current();
    const std::lock_guard lock(world.mutex);
    world.staged.erase(text_of(committable));
    return world.call("abort", error);
  };
  table.sweep = [](void*, const weir_context*, const weir_bytes*, std::uint64_t, weir_error* error) {
    return World::current().call("sweep", error);
  };
  table.cancel = [](void*) { World::current().calls.push_back("cancel storage"); };
  return table;
}

// Of the codec: the letters that were made and not given yet, or half a pair.
struct Doubling {
  bool compress = false, half = false;
};

inline weir_status step(void* self, weir_bytes in, std::int32_t last, std::uint8_t* out, std::uint64_t capacity,
                        std::uint64_t* consumed, std::uint64_t* produced, std::int32_t* done, weir_error* error) {
  auto& codec = *static_cast<Doubling*>(self);
  if (World::current().stuck) return WEIR_OK;
  while (*consumed < in.length && *produced < capacity) {
    const bool second = std::exchange(codec.half, !codec.half);
    if (codec.compress || second) out[(*produced)++] = in.data[*consumed];
    if (!codec.compress || second) ++*consumed;
  }
  *done = last != 0 && *consumed == in.length ? 1 : 0;
  if (World::current().lies > 0) *produced = capacity + World::current().lies;
  return World::current().call("step", error);
}

inline weir_codec codec_table() {
  weir_codec table{};
  table.size = sizeof table;
  table.sniff = [](const weir_sniff* sniff) { return text_of(sniff->name).ends_with(".x2") ? 100 : 0; };
  table.create = [](const weir_context*, std::int32_t compress, void** self, weir_error*) -> weir_status {
    *self = new Doubling{compress != 0};
    return WEIR_OK;
  };
  table.destroy = [](void* self) { delete static_cast<Doubling*>(self); };
  table.step = step;
  return table;
}

// A reader of the format or of the extractor.
struct Numbers {
  std::vector<std::int64_t> values;
  std::size_t at = 0;
  std::int32_t outcome = WEIR_READ_END;
};

inline weir::Schema column(const std::string& name, const char* format = "l") {
  std::vector<weir::Schema> fields;
  fields.push_back(weir::Schema::field(format, name));
  return weir::Schema::rows(std::move(fields));
}

// Reads all of the input. A file of a column's name alone has a column of nulls, unless its schema is told to it.
inline weir_status open_format(const weir_context* context, const weir_input* input, weir_bytes,
                               const weir_schema_sink* sink, void** self, weir_error* error) {
  std::string text;
  for (std::int32_t outcome = WEIR_READ_MORE; outcome != WEIR_READ_END;) {
    std::uint8_t buffer[16];
    std::uint64_t got = 0;
    if (const auto status = input->read(input, 0, buffer, sizeof buffer, &got, &outcome, error); status != WEIR_OK)
      return status;
    text.append(reinterpret_cast<const char*>(buffer), got);
  }
  std::vector<std::string> lines(1);
  for (const char letter : text) {
    if (letter == '\n')
      lines.emplace_back();
    else
      lines.back() += letter;
  }
  lines.pop_back();
  if (lines.empty()) return weir_fail(error, WEIR_INVALID_ARGUMENT, WEIR_FAULT_DATA, "expected a name, found none");
  auto reader = std::make_unique<Numbers>();
  reader->outcome = World::current().outcome;
  for (std::size_t i = 1; i < lines.size(); ++i) reader->values.push_back(std::stoll(lines[i]));
  const ArrowSchema* expected = context->expected == nullptr ? nullptr : context->expected[0];
  const weir::Schema own = column(lines.front(), reader->values.empty() ? "n" : "l");
  const bool theirs = expected != nullptr && lines.front() == expected->children[0]->name;
  if (const auto told = sink->same(sink, {nullptr, 0}, theirs ? expected : &own.get()); told != WEIR_OK) return told;
  *self = reader.release();
  return WEIR_OK;
}

// Two numbers a call.
inline weir_status read_numbers(void* self, std::int64_t, const weir_next* next, std::int32_t* outcome,
                                weir_error* error) {
  auto& reader = *static_cast<Numbers*>(self);
  if (const auto status = World::current().call("read rows", error); status != WEIR_OK) return status;
  const std::size_t count = std::min<std::size_t>(2, reader.values.size() - reader.at);
  const auto begin = reader.values.begin() + static_cast<std::ptrdiff_t>(reader.at);
  weir_batch batch{};
  weir_batch_clear(&batch);
  batch.base = static_cast<std::int64_t>(reader.at);
  batch.rows = rows({begin, begin + static_cast<std::ptrdiff_t>(count)}).release();
  reader.at += count;
  *outcome = reader.at == reader.values.size() ? reader.outcome : WEIR_READ_MORE;
  return next->push(next, 0, &batch);
}

inline weir_status position(void* self, const weir_sink* sink, weir_error* error) {
  const auto told = World::current().positions.value_or(
      std::vector<std::string>{"at " + std::to_string(static_cast<Numbers*>(self)->at)});
  for (const auto& item : told) {
    const weir_bytes bytes{reinterpret_cast<const std::uint8_t*>(item.data()), item.size()};
    if (const auto status = sink->put(sink, bytes); status != WEIR_OK) return status;
  }
  return World::current().call("position", error);
}

inline const weir_reader kNumbersReader{sizeof(weir_reader),
                                        read_numbers,
                                        nullptr,
                                        [](void* self) {
                                          World::current().calls.push_back("close reader");
                                          delete static_cast<Numbers*>(self);
                                        },
                                        nullptr,
                                        [](void*) { World::current().calls.push_back("cancel reader"); }};

inline const weir_reader kPlacedReader{sizeof(weir_reader),  read_numbers, position,
                                       kNumbersReader.close, nullptr,      kNumbersReader.cancel};

inline weir_status put(const weir_output* output, const std::string& text, weir_error* error) {
  return output->write(output, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}, error);
}

inline weir_status open_encoder(const weir_context*, const ArrowSchema* input, const weir_schema_sink* stored,
                                const weir_output* output, void** self, weir_error* error) {
  *self = const_cast<weir_output*>(output);
  if (const auto told = stored->same(stored, {nullptr, 0}, input); told != WEIR_OK) return told;
  return output->written > 0 ? WEIR_OK : put(output, std::string(input->children[0]->name) + "\n", error);
}

inline weir_status append_fits(const weir_context*, const ArrowSchema* input, weir_bytes head, weir_error* error) {
  if (text_of(head).starts_with(std::string(input->children[0]->name) + "\n")) return WEIR_OK;
  return weir_fail(error, WEIR_FAILED_PRECONDITION, WEIR_FAULT_DESTINATION, "expected another name");
}
inline weir_status append_between(const weir_context*, weir_bytes tail, const weir_sink* between, weir_error*) {
  static const std::uint8_t newline = '\n';
  return text_of(tail).ends_with('\n') ? WEIR_OK : between->put(between, {&newline, 1});
}
inline constexpr weir_append kAppend{sizeof(weir_append), append_fits, append_between};

inline weir_status encode(void* self, weir_batch* batch, const weir_next* next, weir_error* error) {
  if (const auto status = World::current().call("encode", error); status != WEIR_OK) return status;
  const weir::NumberColumn<std::int64_t> values(*batch->rows.children[0], batch->rows.offset);
  std::string lines;
  for (std::int64_t row = 0; row < batch->rows.length; ++row) {
    if (values[row] >= 0) {
      lines += std::to_string(values[row]) + "\n";
      continue;
    }
    weir_reject reject{};
    weir_reject_clear(&reject);
    reject.row = row;
    reject.reason = {"negative", 8};
    if (const auto status = next->reject(next, &reject); status != WEIR_OK) return status;
  }
  if (const auto status = put(static_cast<const weir_output*>(self), lines, error); status != WEIR_OK) return status;
  return World::current().call("encoded", error);
}

inline weir_format format_table(const char* extension) {
  weir_format table{};
  table.size = sizeof table;
  static const char* const kText = ".txt";
  table.sniff = extension == std::string(kText)
                    ? [](const weir_sniff* sniff) { return text_of(sniff->name).ends_with(".txt") ? 50 : 0; }
                    : [](const weir_sniff* sniff) { return text_of(sniff->name).ends_with(".lst") ? 50 : 0; };
  table.open_reader = open_format;
  table.reader = &kNumbersReader;
  table.open_encoder = open_encoder;
  table.encode = encode;
  table.end = [](void* self, weir_error* error) { return put(static_cast<const weir_output*>(self), "end\n", error); };
  table.flush = [](void*, weir_error* error) { return World::current().call("flush", error); };
  table.close_encoder = [](void*) { World::current().calls.push_back("close encoder"); };
  return table;
}

inline weir_status plan(const weir_context*, weir_bytes, const weir_plan* sink, std::int32_t*, weir_error* error) {
  World& world = World::current();
  for (const auto& [name, values] : world.splits) {
    weir_split split{};
    split.size = sizeof split;
    split.id = lent(name);
    split.token = {reinterpret_cast<const std::uint8_t*>(name.data()), name.size()};
    split.rows = static_cast<std::int64_t>(values.size());
    split.bytes = -1;
    if (const auto status = sink->add(sink, &split); status != WEIR_OK) return status;
  }
  return world.call("plan", error);  // after it told some
}

inline weir_status open_split(const weir_context*, const weir_split* split, weir_bytes position,
                              const weir_schema_sink* sink, void** self, weir_error* error) {
  World& world = World::current();
  const std::string name = text_of(split->token);
  const auto named = world.columns.find(name);
  // "" tells no schema at all.
  const std::string told = named == world.columns.end() ? "n" : named->second;
  if (!told.empty()) {
    const weir::Schema schema = column(told);
    if (const auto status = sink->same(sink, {nullptr, 0}, &schema.get()); status != WEIR_OK) return status;
  }
  if (const auto status = world.call("open split", error); status != WEIR_OK) return status;
  const std::size_t at = position.length == 0 ? 0 : std::stoul(text_of(position).substr(3));
  *self = new Numbers{world.splits.at(name), at, world.outcome};
  return WEIR_OK;
}

inline weir_extractor extractor_table(bool tells_positions) {
  weir_extractor table{};
  table.size = sizeof table;
  table.plan = plan;
  table.open = open_split;
  table.reader = tells_positions ? &kPlacedReader : &kNumbersReader;
  table.traits = [](const weir_config*, weir_traits* traits, weir_error*) -> weir_status {
    traits->replay = WEIR_REPLAY_EXACT;
    return WEIR_OK;
  };
  return table;
}

}  // namespace detail

inline std::shared_ptr<Component> storage() {
  static const weir_storage table = detail::storage_table();
  return component(WEIR_KIND_STORAGE, &table, "storage");
}
inline std::shared_ptr<Component> codec() {
  static const weir_codec table = detail::codec_table();
  return component(WEIR_KIND_CODEC, &table, "codec");
}
inline std::shared_ptr<Component> format() {
  static const weir_format table = detail::format_table(".txt");
  return component(WEIR_KIND_FORMAT, &table, "format", [](weir_string id) -> const void* {
    return text_of(id) == WEIR_APPEND ? &detail::kAppend : nullptr;
  });
}
// The same format by another name: of NAME.lst.
inline std::shared_ptr<Component> list_format() {
  static const weir_format table = detail::format_table(".lst");
  return component(WEIR_KIND_FORMAT, &table, "list_format");
}
inline std::shared_ptr<Component> extractor() {
  static const weir_extractor table = detail::extractor_table(false);
  return component(WEIR_KIND_EXTRACTOR, &table, "extractor");
}
// The same, whose readers can be opened where they stood.
inline std::shared_ptr<Component> placed_extractor() {
  static const weir_extractor table = detail::extractor_table(true);
  return component(WEIR_KIND_EXTRACTOR, &table, "extractor");
}

}  // namespace weir::pipeline::fake
