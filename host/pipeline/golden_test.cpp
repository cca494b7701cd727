// Every message of sources, loads and outlets, in golden/messages.txt; what plugins break in whole runs stands in
// tests/golden.
#include <weir/ext/chunked.h>
#include <weir/ext/draft/shared.h>
#include <weir/ext/reads.h>

#include <new>
#include <stdexcept>

#include <weir_catch.hpp>
#include <weir_golden.hpp>

#include "pipeline/fake_world.hpp"
#include "pipeline/links/column_map.hpp"
#include "pipeline/links/sources.hpp"
#include "pipeline/links/transform.hpp"
#include "pipeline/load.hpp"

namespace weir::pipeline {
namespace {

using test::Golden;

std::filesystem::path golden(const char* name) { return std::filesystem::path(WEIR_GOLDEN) / name; }

base::Place place_of(const std::string& option, TextPart) { return {"m.yaml", 3, 1 + option.size(), 0, ""}; }

std::shared_ptr<FileReading> reading() {
  auto made = std::make_shared<FileReading>();
  auto storage = fake::storage();
  storage->place = place_of;
  made->storage = storage;
  made->codecs = {fake::codec()};
  made->formats = {fake::format(), fake::list_format()};
  made->expansion.bytes = 100;
  made->run.run = "run-7";
  return made;
}

// Plans a source of all objects of the world, and reads them.
base::Result<void> read_all(const std::shared_ptr<FileReading>& how) {
  const auto source = make_file_source(how, "*");
  WEIR_TRY(source->plan());
  integrity::Account account;
  Outlet outlet(OutletSetup{"fakes", "format", &source->schemas(), nullptr, true, false}, &account, nullptr);
  const Deliver nowhere = [](const Batch&) -> base::Result<void> { return {}; };
  for (std::size_t split = 0; split < source->splits().size(); ++split) {
    WEIR_TRY_ASSIGN(const auto reader, source->open(split, {}));
    for (bool last = false; !last;) {
      WEIR_TRY_ASSIGN(const Piece piece, reader->read(outlet, nowhere));
      if (piece.to_parse) WEIR_TRY(reader->parse(piece, outlet, nowhere));
      last = piece.last;
    }
  }
  return {};
}

// A format that cuts chunks where there is nothing.
std::shared_ptr<Component> liar() {
  static const weir_chunked chunked{
      sizeof(weir_chunked),
      [](void*, std::uint64_t* offset, weir_error*) -> weir_status {
        *offset = 0;
        return WEIR_OK;
      },
      [](const void*, weir_bytes bytes, std::uint64_t*, std::uint64_t* end, weir_error*) -> weir_status {
        *end = bytes.length + 5;
        return WEIR_OK;
      },
      nullptr};
  static const weir_format table = fake::detail::format_table(".txt");
  return fake::component(WEIR_KIND_FORMAT, &table, "liar", [](weir_string) -> const void* { return &chunked; });
}

std::shared_ptr<Component> format_without(bool reader) {
  static weir_format unable = [] {
    weir_format table{};
    table.size = sizeof table;
    return table;
  }();
  static const weir_format silent = [] {
    weir_format table = fake::detail::format_table(".txt");
    table.open_reader = [](const weir_context*, const weir_input*, weir_bytes, const weir_schema_sink*, void** self,
                           weir_error*) -> weir_status {
      *self = new fake::detail::Numbers;
      return WEIR_OK;
    };
    return table;
  }();
  return fake::component(WEIR_KIND_FORMAT, reader ? &silent : &unable, reader ? "silent" : "unable");
}

void tell_files(Golden& told) {
  const auto files = [&](const char* title, std::map<std::string, std::string> objects, auto&& change) {
    fake::World world;
    world.objects = std::move(objects);
    const auto how = reading();
    change(world, *how);
    told.tell_failure(title, read_all(how));
  };
  const auto as_it_is = [](fake::World&, FileReading&) {};
  const auto by = [](std::shared_ptr<Component> format) {
    return [format](fake::World&, FileReading& how) {
      how.formats = {format};
      how.format_named = true;
    };
  };
  files("files: none", {}, as_it_is);
  files("files: two formats", {{"a.txt", "n\n"}, {"b.lst", "n\n"}}, as_it_is);
  files("files: an unknown format", {{"a.bin", "n\n"}}, as_it_is);
  files("files: other columns in one that was not asked", {}, [](fake::World& world, FileReading&) {
    for (char letter = 'a'; letter <= 'z'; ++letter)
      world.objects[std::string(1, letter) + ".txt"] = letter == 'c' ? "m\n1\n" : "n\n1\n";
  });
  files("files: a format that only writes", {{"a.txt", "n\n"}}, by(format_without(false)));
  files("files: a reader of no schema", {{"a.txt", "n\n"}}, by(format_without(true)));
  files("files: a boundary beyond the bytes", {{"a.txt", "n\n1\n"}}, by(liar()));
  files("files: a codec that expands without end", {{"a.txt.x2", std::string(400, '1')}}, as_it_is);
  files("files: a codec that lies", {{"a.txt.x2", "nn\n\n"}}, [](fake::World& world, FileReading&) { world.lies = 1; });
  files("files: a codec that is stuck", {{"a.txt.x2", "nn\n\n"}},
        [](fake::World& world, FileReading&) { world.stuck = true; });
  files("files: a storage that gives more than there is room for", {{"a.txt", "n\n"}},
        [](fake::World& world, FileReading&) { world.flood = true; });
  files("files: an outcome that is none", {{"a.txt", "n\n1\n"}},
        [](fake::World& world, FileReading&) { world.outcome = 9; });
}

void tell_checksums(Golden& told) {
  const std::string right = "b08a11a12effc9d6330979a26f9cc9ed89e5cbb45bfbdbf97e2a78fdaf66cfe9";
  const auto checksums = [&](const char* title, std::map<std::string, std::string> beside, auto&& change) {
    fake::World world;
    world.objects = std::move(beside);
    world.objects["a.txt"] = "n\n1\n2\n";
    const auto how = reading();
    how->formats = {fake::format()};
    change(world, *how);
    told.tell_failure(title, read_all(how));
  };
  const auto as_it_is = [](fake::World&, FileReading&) {};
  checksums("checksums: a wrong one", {{"SHA256SUMS", "# of today\n" + std::string(64, '0') + "  a.txt\n"}}, as_it_is);
  checksums("checksums: a wrong one of the storage", {},
            [](fake::World& world, FileReading&) { world.checksums["a.txt"] = "md5:" + std::string(32, '0'); });
  checksums("checksums: of another file", {{"a.txt.sha256", right + "  b.txt\n"}}, as_it_is);
  checksums("checksums: a file that holds none", {{"a.txt.sha256", "<html><title>404 Not Found</title>\n"}}, as_it_is);
  const auto change_at_end = [&](const char* title, auto&& change) {
    fake::World world;
    world.objects["a.txt"] = "n\n1\n2\n";
    world.versions["a.txt"] = "v1";
    Verification verification({fake::storage(), nullptr, {"a.txt", "", "v1", 6, 4}}, {}, nullptr);
    change(world);
    told.tell_failure(title, verification.settle());
  };
  change_at_end("changed: longer", [](fake::World& world) { world.objects["a.txt"] += "3\n"; });
  change_at_end("changed: another", [](fake::World& world) { world.versions["a.txt"] = "v2"; });
  change_at_end("changed: gone", [](fake::World& world) { world.objects.clear(); });
  change_at_end("changed: written to", [](fake::World& world) { world.modified_ns = 5; });
  Verification once({fake::storage(), nullptr, {"pipe", "", "", -1, 0}}, {{"sha256", right, "pipe.sha256:1"}}, nullptr);
  told.tell_failure("verify: first, of what comes once", once.read_first());
}

void tell_splits(Golden& told) {
  const auto splits = [&](const char* title, auto&& change) {
    fake::World world;
    world.splits = {{"a", {1}}, {"b", {2}}};
    change(world);
    auto extractor = fake::extractor();
    extractor->place = place_of;
    const auto source = make_extractor_source(extractor, {});
    auto done = source->plan();
    if (done) {
      const auto opened = source->open(1, {});
      if (!opened) done = base::unexpected(opened.error());
    }
    told.tell_failure(title, done);
  };
  splits("splits: none", [](fake::World& world) { world.splits.clear(); });
  splits("splits: no schema", [](fake::World& world) { world.columns["a"] = ""; });
  splits("splits: other columns", [](fake::World& world) { world.columns["b"] = "m"; });
}

void tell_positions(Golden& told) {
  const auto read = [&](const char* title, bool placed, const char* position, auto&& change) {
    fake::World world;
    world.splits = {{"a", {1, 2, 3}}};
    change(world);
    const auto source = make_extractor_source(placed ? fake::placed_extractor() : fake::extractor(), {});
    REQUIRE(source->plan());
    integrity::Account account;
    Outlet outlet(outlet_setup(*source, false), &account, nullptr);
    const Deliver nowhere = [](const Batch&) { return base::Result<void>(); };
    const auto reader = source->open(0, position);
    if (reader)
      told.tell_failure(title, (*reader)->read(outlet, nowhere));
    else
      told.tell_error(title, reader.error());
  };
  const auto as_it_is = [](fake::World&) {};
  read("position: two of them", true, "", [](fake::World& world) { world.positions = {{"1", "2"}}; });
  read("position: an empty one", true, "", [](fake::World& world) { world.positions = {{""}}; });
  read("position: fewer rows than there were", false, "8 0", as_it_is);
  read("position: other rows than there were", false, "1 0", as_it_is);
  read("position: rejects that are none any more", false, "0 1", as_it_is);
  read("position: none that this host told", false, "garbage", as_it_is);
  for (const char* position : {"garbage", "99 0 0 0 0 0 0 0"}) {
    fake::World world;
    world.objects = {{"a.txt", "n\n1\n"}};
    const auto how = reading();
    how->formats = {liar()};
    how->format_named = true;
    const auto source = make_file_source(how, "*");
    REQUIRE(source->plan());
    told.tell_failure(std::string("position in chunks: ") + position, source->open(0, position));
  }
}

void tell_loads(Golden& told) {
  const auto load = [&](const char* title, auto&& change) {
    fake::World world;
    FileWriting writing{fake::storage(), fake::codec(), fake::format(), "out.txt.x2", 0, 0, false};
    change(world);
    const auto made = make_file_load(writing);
    const weir::Schema schema = fake::schema();
    told.tell_failure(title, made->open_writer({{&schema.get(), nullptr}}, {}, {}));
  };
  load("load: a codec that lies", [](fake::World& world) { world.lies = 1; });
  load("load: a codec that is stuck", [](fake::World& world) { world.stuck = true; });
  const weir::Schema rows = fake::schema();
  {
    fake::World world;
    const auto made = make_file_load({fake::storage(), nullptr, fake::format(), "out.txt", 0, 0, false});
    told.tell_failure("load: a checkpoint of something else",
                      made->open_writer({{&rows.get(), nullptr}}, {}, "garbage"));
  }
  load("load: a storage that fails", [](fake::World& world) { world.failing["write"] = {1, WEIR_DATA_LOSS}; });
  // It has two destinations, or none: who could share a writer with it?
  static const weir_shared shared{
      sizeof(weir_shared), [](const weir_config*, const weir_sink*, weir_error*) -> weir_status { return WEIR_OK; },
      [](const weir_context* const*, const ArrowSchema* const*, std::uint64_t, const weir_schema_sink*, void**,
         weir_error*) -> weir_status { return WEIR_UNIMPLEMENTED; }};
  const auto homeless =
      fake::component(WEIR_KIND_LOADER, nullptr, "load", [](weir_string) -> const void* { return &shared; });
  told.tell_failure("load: one that shares its writer, and says not with whom", shared_destination(*homeless));
}

// A plugin's view of an outlet with two rows in hand, or none.
struct Handed {
  std::vector<weir::Schema> outputs;
  weir::Schema input = fake::schema();
  integrity::Account account;
  Batch in_hand;
  Deliver deliver = [](const Batch&) -> base::Result<void> { return {}; };
  Outlet outlet;

  Handed() : outlet(OutletSetup{"csv", "orders", &outputs, &input.get(), true, false}, &account, nullptr) {
    outputs.push_back(fake::schema());
    in_hand.rows = arrow::SharedArray(fake::rows({1, 2}));
    in_hand.origins = {0, 1};
  }
  void push(const weir_next* next, std::uint64_t output, const std::vector<std::int64_t>& values,
            const std::vector<std::uint32_t>& origins = {}) {
    weir_batch batch{};
    weir_batch_clear(&batch);
    batch.rows = fake::rows(values).release();
    if (!origins.empty()) batch.origins = fake::origins(origins).release();
    next->push(next, output, &batch);
  }
};

void tell_outlets(Golden& told) {
  const auto handed = [&](const char* title, bool batch, auto&& call) {
    Handed made;
    made.outlet.begin(batch ? &made.in_hand : nullptr, &made.deliver);
    const weir_next* next = &made.outlet;
    call(made, next);
    const auto failure = made.outlet.end();
    REQUIRE(failure);
    told.tell_error(title, *failure);
  };
  const std::uint32_t beyond[] = {7};
  handed("outlet: an output that is none", true, [](Handed& made, const weir_next* next) { made.push(next, 3, {1}); });
  handed("outlet: too few origins", true, [](Handed& made, const weir_next* next) { made.push(next, 0, {1, 2}, {0}); });
  handed("outlet: origins beyond the batch", true,
         [](Handed& made, const weir_next* next) { made.push(next, 0, {1}, {9}); });
  handed("outlet: a selection of nothing", false,
         [&](Handed&, const weir_next* next) { next->select(next, 0, beyond, 1); });
  handed("outlet: a selection beyond the batch", true,
         [&](Handed&, const weir_next* next) { next->select(next, 0, beyond, 1); });
  handed("outlet: a selection to an output that is none", true,
         [&](Handed&, const weir_next* next) { next->select(next, 8, nullptr, 0); });
  handed("outlet: a reject beyond the batch", true, [](Handed&, const weir_next* next) {
    weir_reject reject{};
    weir_reject_clear(&reject);
    reject.row = 9;
    next->reject(next, &reject);
  });
  const auto behind = [&](const char* title, auto&& thrown) {
    handed(title, true, [&](Handed& made, const weir_next* next) {
      made.deliver = [&](const Batch&) -> base::Result<void> { throw thrown; };
      for (int i = 0; i < 8; ++i) next->select(next, 0, nullptr, 0);
    });
  };
  behind("outlet: no memory behind", std::bad_alloc());
  behind("outlet: an exception behind", std::runtime_error("oops"));
}

void tell_appends(Golden& told) {
  fake::World world;
  world.objects["out.txt"] = "n\n1\n";
  FileWriting writing{fake::storage(), nullptr, fake::format(), "out.txt"};
  writing.append = true;
  const auto load = make_file_load(std::move(writing));
  const weir::Schema schema = fake::schema();
  auto writer = load->open_writer({{&schema.get(), nullptr}}, {}, {});
  REQUIRE(writer);
  world.objects["out.txt"] = "n\n1\n2\n";
  told.tell_failure("append: another wrote there", (*writer)->prepare(1, true));
}

weir_status no_columns(void*, std::uint64_t, const weir_sink*, weir_error*) { return WEIR_OK; }

weir_status unknown_column(void*, std::uint64_t, const weir_sink* names, weir_error*) {
  return names->put(names, {reinterpret_cast<const std::uint8_t*>("m"), 1});
}

// A condition of column n, of so many rows of constants, for input `kInput`.
template <std::uint64_t kInput, int kRows>
weir_status condition(void*, const weir_condition_sink* sink, weir_error*) {
  if (kRows == 0) return sink->put(sink, kInput, {"n", 1}, WEIR_IS_LESS, nullptr, nullptr);
  weir::Schema type = weir::Schema::field("l", "constant");
  weir::NumberBuilder<std::int64_t> rows;
  for (int i = 0; i < kRows; ++i) rows.append(i);
  weir::Array constant = rows.finish();
  ArrowSchema raw_type = type.release();
  ArrowArray raw = constant.release();
  return sink->put(sink, kInput, {"n", 1}, WEIR_IS_LESS, &raw_type, &raw);
}

void tell_reads(Golden& told) {
  static const weir_reads* table = nullptr;
  const auto reads = [&](const char* title, const weir_reads& answers) {
    table = &answers;
    const auto component =
        fake::component(WEIR_KIND_TRANSFORMER, nullptr, "link", [](weir_string) -> const void* { return table; });
    std::vector<weir::Schema> outputs;
    outputs.push_back(fake::schema());
    told.tell_failure(title, ask_columns(*component, nullptr, fake::schema().get(), outputs));
  };
  reads("reads: a column that is not there", {sizeof(weir_reads), unknown_column, nullptr, nullptr});
  reads("reads: a condition of another input", {sizeof(weir_reads), no_columns, condition<1, 1>, nullptr});
  reads("reads: a condition without its constant", {sizeof(weir_reads), no_columns, condition<0, 0>, nullptr});
  reads("reads: a condition of two constants", {sizeof(weir_reads), no_columns, condition<0, 2>, nullptr});
}

void tell_state(Golden& told) {
  using Tell = std::function<void(const weir_state_sink&)>;
  static const Tell* telling = nullptr;
  static const weir_state table{
      sizeof(weir_state),
      [](void*, const weir_state_sink* changes, weir_error*) -> weir_status {
        (*telling)(*changes);
        return WEIR_OK;
      },
      [](void*, const weir_bytes*, const weir_bytes*, std::uint64_t, std::int32_t, weir_error* error) -> weir_status {
        return weir_fail(error, WEIR_FAILED_PRECONDITION, WEIR_FAULT_UNKNOWN, "expected version 1, found 2");
      },
      nullptr};
  const auto component =
      fake::component(WEIR_KIND_TRANSFORMER, nullptr, "dedupe", [](weir_string) -> const void* { return &table; });
  const auto state = [&](const char* title, const Tell& tell) {
    telling = &tell;
    told.tell_failure(title, take_snapshot(*component, nullptr));
  };
  static const std::string large(kMostValueBytes + 1, 'x');
  const auto bytes = [](const std::string& text) {
    return weir_bytes{reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
  };
  const std::string a = "a\n", one = "1", long_key(kMostKeyBytes + 1, 'k');
  state("state: a key twice", [&](const weir_state_sink& changes) {
    changes.put(&changes, bytes(a), bytes(one));
    changes.remove(&changes, bytes(a));
  });
  state("state: a key that is too long",
        [&](const weir_state_sink& changes) { changes.remove(&changes, bytes(long_key)); });
  state("state: a value that is too long",
        [&](const weir_state_sink& changes) { changes.put(&changes, bytes(a), bytes(large)); });
  state("state: a null pointer",
        [&](const weir_state_sink& changes) { changes.put(&changes, bytes(a), {nullptr, 3}); });
  told.tell_failure("state: of another release", restore_state(*component, nullptr, {}, true));
}

// A link that keeps its rows to itself.
void tell_barrier(Golden& told) {
  static const weir_transformer table{
      sizeof(weir_transformer),
      nullptr,
      [](const weir_context*, const ArrowSchema* const* inputs, const weir_string*, std::uint64_t,
         const weir_schema_sink* outputs, void**,
         weir_error*) -> weir_status { return outputs->same(outputs, {nullptr, 0}, inputs[0]); },
      [](void*, std::uint64_t, weir_batch*, const weir_next*, weir_error*) -> weir_status { return WEIR_OK; },
      [](void*) {},
      [](void*, std::uint64_t, std::int32_t, const weir_next*, weir_error*) -> weir_status { return WEIR_OK; },
      nullptr};
  std::atomic<std::uint64_t> sequence{0};
  const weir::Schema schema = fake::schema();
  auto link = TransformLink::create(fake::component(WEIR_KIND_TRANSFORMER, &table, "window"), {}, schema.get(),
                                    &sequence, nullptr);
  REQUIRE(link);
  Batch batch;
  batch.rows = arrow::SharedArray(fake::rows({1, 2}));
  const Deliver nowhere = [](const Batch&) -> base::Result<void> { return {}; };
  REQUIRE((*link)->process(batch, nowhere));
  told.tell_failure("barrier: rows held back without weir.state/1", (*link)->flush(WEIR_FLUSH_BARRIER, nowhere));
}

// A link that lets rows go of an input that all must be there of first.
void tell_side_input(Golden& told) {
  static const weir_transformer table{
      sizeof(weir_transformer),
      nullptr,
      [](const weir_context*, const ArrowSchema* const* inputs, const weir_string*, std::uint64_t,
         const weir_schema_sink* outputs, void**,
         weir_error*) -> weir_status { return outputs->same(outputs, {nullptr, 0}, inputs[0]); },
      [](void*, std::uint64_t, weir_batch*, const weir_next* next, weir_error*) -> weir_status {
        return next->select(next, 0, nullptr, 0);
      },
      [](void*) {},
      nullptr,
      nullptr};
  std::atomic<std::uint64_t> sequence{0};
  const weir::Schema schema = fake::schema();
  TransformOptions options;
  options.sides.push_back({"with", &schema.get()});
  auto link = TransformLink::create(fake::component(WEIR_KIND_TRANSFORMER, &table, "lookup"), {}, schema.get(),
                                    &sequence, nullptr, std::move(options));
  REQUIRE(link);
  Batch batch;
  batch.rows = arrow::SharedArray(fake::rows({1, 2}));
  told.tell_failure("side input: a row that leaves before all are there", (*link)->feed(1, batch));
}

}  // namespace

TEST_CASE("whatever is wrong with sources, loads and what plugins hand over is told as the golden file says") {
  Golden told(golden("messages.txt"));
  tell_files(told);
  tell_checksums(told);
  tell_splits(told);
  tell_positions(told);
  tell_loads(told);
  tell_reads(told);
  tell_outlets(told);
  tell_state(told);
  tell_barrier(told);
  tell_side_input(told);
  tell_appends(told);
  told.end();
}

TEST_CASE("a row that nobody keeps is told as the golden file says") {
  Golden told(golden("rejects.txt"));
  Reject reject;
  reject.reason = "out of range";
  reject.place = {"in.csv", 7, 3, 0, ""};
  told.tell_error("a reason alone", reject.error());
  reject.detail = "expected at most 2, found 3";
  told.tell_error("with its detail", reject.error());
  reject.column = "id";
  told.tell_error("with its column", reject.error());
  told.end();
}

}  // namespace weir::pipeline
