// A small host that later_test.py compiles twice: against today's headers, and against those of the next minor, whose structs are
// longer and which have the extension weir.later/1. It leads a life of each component that it knows, and prints what came of it;
// for the same plugins both must print the same.
//
// usage: later_host PLUGIN.so...
#include <dlfcn.h>
#include <weir/cpp/value_text.hpp>
#include <weir/testing.hpp>
#include <weir/testing_format.hpp>
#include <weir/weir.hpp>
#ifdef LATER
#include <weir/ext/later.h>
#endif

#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

namespace {

namespace testing = weir::testing;
using testing::Options;

[[noreturn]] void stop(const std::string& what) {
  std::fprintf(stderr, "%s\n", what.c_str());
  std::exit(1);
}

void must(weir_status status, const weir_error& error, const char* call) {
  if (status != WEIR_OK)
    stop(std::string(call) + ": expected OK, found " + std::to_string(status) + ": " + error.message);
}

std::int64_t now(const weir_host*) { return 0; }
void log(const weir_host*, std::int32_t, weir_string, weir_string) {}
std::int32_t cancelled(const weir_host*) { return 0; }

#ifdef LATER
std::int64_t later(const weir_host*) { return 1; }
std::int32_t keeps(const weir_host*, std::uint64_t row) { return row % 2 == 0 ? 1 : 0; }
constexpr weir_later kLater = {sizeof(weir_later), keeps};
const void* extension(const weir_host*, weir_string id) {
  return weir_string_is(id, WEIR_LATER) != 0 ? &kLater : nullptr;
}
constexpr weir_host kHost = {sizeof(weir_host), WEIR_ABI, 0, now, log, extension, cancelled, later};
#else
const void* extension(const weir_host*, weir_string) { return nullptr; }
constexpr weir_host kHost = {sizeof(weir_host), WEIR_ABI, 0, now, log, extension, cancelled};
#endif

// An instance's surroundings, with this program's host.
class Place {
 public:
  explicit Place(Options options) : surroundings_(std::move(options)) {
    surroundings_.commit = WEIR_COMMIT_TWO_PHASE;
    context_ = *surroundings_.context();
    context_.host = &kHost;
  }
  const weir_context* context() const { return &context_; }

 private:
  testing::Surroundings surroundings_;
  weir_context context_{};
};

weir::Schema input_schema() {
  std::vector<weir::Schema> fields;
  fields.push_back(weir::Schema::field("l", "id"));
  fields.push_back(weir::Schema::field("u", "text"));
  return weir::Schema::rows(std::move(fields));
}

weir::Array input_rows() {
  const std::vector<const char*> texts = {
      "4111 1111 4242", nullptr, "", "12.5", "::1 - ann [10/Oct/2000:13:55:36 -0700] \"GET /a HTTP/1.0\" 200 17", "ü€"};
  weir::NumberBuilder<std::int64_t> ids;
  for (std::size_t i = 0; i < texts.size(); ++i) ids.append(static_cast<std::int64_t>(i));
  std::vector<weir::Array> columns;
  columns.push_back(ids.finish());
  columns.push_back(testing::text_column(texts));
  return weir::rows_of(static_cast<std::int64_t>(texts.size()), std::move(columns));
}

// What a component told and passed on.
void print(const ArrowSchema& schema, const testing::Collected& collected) {
  for (const auto& pushed : collected.pushed) {
    const ArrowArray& rows = *pushed.rows.operator->();
    for (std::int64_t row = 0; row < rows.length; ++row) {
      std::string line = "  row";
      for (std::int64_t i = 0; i < schema.n_children; ++i)
        line += " " + weir::shown_value(*schema.children[i], *rows.children[i], rows.offset, row);
      std::printf("%s\n", line.c_str());
    }
  }
  if (collected.selected_all) std::printf("  all rows selected\n");
  for (const auto row : collected.selected) std::printf("  selected %u\n", row);
  for (const auto& reject : collected.rejected)
    std::printf("  rejected %ld: %s: %s\n", static_cast<long>(reject.row), reject.column.c_str(),
                reject.reason.c_str());
  if (collected.dropped != 0) std::printf("  dropped %lu\n", static_cast<unsigned long>(collected.dropped));
}

void live(const weir_transformer& table, const Options& options) {
  const Place place(options);
  const weir::Schema schema = input_schema();
  const ArrowSchema* input = &schema.get();
  const weir_string name{};
  testing::Schemas outputs;
  weir_error error = testing::no_error();
  void* self = nullptr;
  must(table.create(place.context(), &input, &name, 1, outputs.sink(), &self, &error), error, "create()");
  testing::Collected collected;
  weir_batch batch = testing::batch_of(input_rows());
  must(table.process(self, 0, &batch, collected.next(), &error), error, "process()");
  if (batch.rows.release != nullptr) batch.rows.release(&batch.rows);
  if (WEIR_CAN(&table, flush)) must(table.flush(self, 0, WEIR_FLUSH_END, collected.next(), &error), error, "flush()");
  print(outputs.kept.at(0).get(), collected);
  table.destroy(self);
}

// An output that keeps what is written.
struct Kept : weir_output {
  Kept() : weir_output{} {
    size = sizeof(weir_output);
    continues = 1;
    write = [](const weir_output* self, weir_bytes bytes, weir_error*) -> weir_status {
      static_cast<const Kept*>(self)->text += weir::to_view(bytes);
      return WEIR_OK;
    };
  }
  mutable std::string text;
};

void live(const weir_format& table, const Options& options) {
  const Place place(options);
  weir_error error = testing::no_error();
  const testing::InputBytes input("first\nsecond, ü\n\nlast", 7);
  testing::Schemas told;
  void* reader = nullptr;
  must(table.open_reader(place.context(), &input, {}, told.sink(), &reader, &error), error, "open_reader()");
  testing::Collected collected;
  std::int32_t outcome = WEIR_READ_MORE;
  while (outcome == WEIR_READ_MORE)
    must(table.reader->read(reader, 0, collected.next(), &outcome, &error), error, "read()");
  print(told.kept.at(0).get(), collected);
  table.reader->close(reader);

  const Kept output;
  void* encoder = nullptr;
  testing::Schemas stored;
  must(table.open_encoder(place.context(), &told.kept[0].get(), stored.sink(), &output, &encoder, &error), error,
       "open_encoder()");
  testing::Collected rejected;
  for (auto& pushed : collected.pushed) {
    weir_batch batch = testing::batch_of(std::move(pushed.rows));
    must(table.encode(encoder, &batch, rejected.next(), &error), error, "encode()");
    if (batch.rows.release != nullptr) batch.rows.release(&batch.rows);
  }
  must(table.end(encoder, &error), error, "end()");
  table.close_encoder(encoder);
  std::printf("  written %zu bytes\n%s", output.text.size(), output.text.c_str());
}

void live(const weir_codec& table, const Options& options) {
  const Place place(options);
  weir_error error = testing::no_error();
  std::string text = "id,name\n1,Ann\n";
  for (const std::int32_t compress : {1, 0}) {
    void* self = nullptr;
    must(table.create(place.context(), compress, &self, &error), error, "create()");
    std::string out(4096, '\0');
    std::uint64_t consumed = 0, produced = 0;
    std::int32_t done = 0;
    must(table.step(self, weir::to_bytes(text), 1, reinterpret_cast<std::uint8_t*>(out.data()), out.size(), &consumed,
                    &produced, &done, &error),
         error, "step()");
    table.destroy(self);
    text = out.substr(0, produced);
    std::printf("  %s\n", text.c_str());
  }
}

void live(const weir_storage& table, const Options& options) {
  const Place place(options);
  weir_error error = testing::no_error();
  void* self = nullptr;
  must(table.create(place.context(), &self, &error), error, "create()");
  struct Objects : weir_object_sink {
    mutable std::vector<std::string> names;
  };
  Objects objects;
  objects.size = sizeof(weir_object_sink);
  objects.put = [](const weir_object_sink* sink, const weir_object* object) -> weir_status {
    static_cast<const Objects*>(sink)->names.emplace_back(weir::to_view(object->name));
    return WEIR_OK;
  };
  must(table.list(self, {}, {}, &objects, &error), error, "list()");
  for (const auto& name : objects.names) {
    const weir_input* input = nullptr;
    must(table.open_read(self, weir::to_weir(name), {}, &input, &error), error, "open_read()");
    std::string text(256, '\0');
    std::uint64_t got = 0;
    std::int32_t outcome = WEIR_READ_MORE;
    must(input->read(input, 0, reinterpret_cast<std::uint8_t*>(text.data()), text.size(), &got, &outcome, &error),
         error, "read()");
    input->close(input);
    std::printf("  %s: %s\n", name.c_str(), text.substr(0, got).c_str());
  }
  table.destroy(self);
}

void live(const weir_loader& table, const Options& options) {
  const Place place(options);
  const weir::Schema schema = input_schema();
  const ArrowSchema* input = &schema.get();
  const weir_string name{};
  testing::Schemas stored;
  weir_error error = testing::no_error();
  void *writer = nullptr, *committer = nullptr;
  must(table.committer->open(place.context(), &committer, &error), error, "open() of the committer");
  must(table.open(place.context(), &input, &name, 1, stored.sink(), &writer, &error), error, "open()");
  testing::Collected rejected;
  weir_batch batch = testing::batch_of(input_rows());
  must(table.writer->write(writer, 0, &batch, rejected.next(), &error), error, "write()");
  if (batch.rows.release != nullptr) batch.rows.release(&batch.rows);
  testing::Bytes committables, published;
  weir_receipt receipt{};
  receipt.size = sizeof receipt;
  receipt.rows = receipt.inserted = receipt.updated = receipt.deleted = receipt.bytes = -1;
  weir_receipt* receipts[] = {&receipt};
  must(table.writer->prepare(writer, 1, committables.sink(), receipts, 1, &error), error, "prepare()");
  table.writer->close(writer);
  std::vector<weir_bytes> told;
  for (const auto& committable : committables.kept) told.push_back(weir::to_bytes(committable));
  must(table.committer->commit(committer, 1, told.data(), told.size(), published.sink(), &error), error, "commit()");
  table.committer->close(committer);
  print(schema.get(), rejected);
  std::printf("  rows %ld, published %zu\n", static_cast<long>(receipt.rows), published.kept.size());
}

const std::map<std::string, Options> kOptions = {
    {"stars", {{"/column", "text"}, {"/keep", 4}}},
    {"checksum", {{"/columns/0", "text"}, {"/as", "sum"}}},
    {"access_log", {{"/column", "text"}}},
    {"lines", {{"/column", "line"}}},
    {"hex", {}},
    {"inline", {{"/path", "rates.csv"}, {"/text", "EUR,1\n"}}},
    {"tally", {{"/column", "text"}, {"/path", "tally.txt"}}},
    {"later", {}},
};

void live(const weir_component& component) {
  const std::string name(weir::to_view(component.name));
  const auto options = kOptions.find(name);
  if (options == kOptions.end()) stop(name + ": expected a component that this program has options for");
  std::printf("%s\n", name.c_str());
  switch (component.kind) {
    case WEIR_KIND_TRANSFORMER: return live(*static_cast<const weir_transformer*>(component.table), options->second);
    case WEIR_KIND_FORMAT: return live(*static_cast<const weir_format*>(component.table), options->second);
    case WEIR_KIND_CODEC: return live(*static_cast<const weir_codec*>(component.table), options->second);
    case WEIR_KIND_STORAGE: return live(*static_cast<const weir_storage*>(component.table), options->second);
    case WEIR_KIND_LOADER: return live(*static_cast<const weir_loader*>(component.table), options->second);
    default: stop(name + ": expected a kind that this program knows, found " + std::to_string(component.kind));
  }
}

// As a host does; Go's runtime can't be unloaded, so none is.
void load(const char* path) {
  void* const library = ::dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) stop(::dlerror());
  const auto entry = reinterpret_cast<const weir_plugin* (*)()>(::dlsym(library, "weir_plugin_v1"));
  if (entry == nullptr) stop(std::string(path) + ": expected weir_plugin_v1(), found none");
  const weir_plugin* const plugin = entry();
  if (plugin->needs_abi > WEIR_ABI) stop(std::string(path) + ": expected a plugin that runs with this ABI");
  weir_error error = testing::no_error();
  must(plugin->open(&kHost, &error), error, "open()");
  for (std::uint64_t i = 0; i < plugin->count; ++i) live(*plugin->components[i]);
  plugin->close();
}

}  // namespace

int main(int count, char** paths) {
  for (int i = 1; i < count; ++i) load(paths[i]);
  return 0;
}
