// The lives of those that make rows of bytes and bytes of rows, bytes of bytes, and of those that keep them.
#include <weir/ext/draft/conditional.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "conformance/lives.hpp"

namespace weir::conformance {

namespace fs = std::filesystem;

base::Result<std::optional<std::string>> encode(Session& session, const std::vector<arrow::SharedArray>& batches) {
  const auto& table = session.table<weir_format>();
  if (!WEIR_CAN(&table, open_encoder)) return std::optional<std::string>();
  MemoryOutput output(session);
  void* self = nullptr;
  session.forget_outputs();
  WEIR_TRY(session.call("open_encoder", [&](weir_error* error) {
    return table.open_encoder(session.context(), &session.columns(), session.schema_sink(), output.get(), &self, error);
  }));
  const Ending ending(session, "close_encoder", [&] { table.close_encoder(self); });
  if (session.outputs().size() != 1)
    session.observe("tells-schema", "open_encoder() told " + std::to_string(session.outputs().size()) +
                                        " stored schemas for one input");
  for (const auto& rows : batches) {
    WEIR_TRY(session.lend(rows, session.columns(), [&](weir_batch* batch) {
      return session.call("encode",
                          [&](weir_error* error) { return table.encode(self, batch, session.next(), error); });
    }));
  }
  WEIR_TRY(session.call("end", [&](weir_error* error) { return table.end(self, error); }));
  return std::optional(output.bytes());
}

base::Result<std::string> document_of(Session& session) {
  if (session.knobs().document) return *session.knobs().document;
  WEIR_TRY_ASSIGN(std::optional<std::string> made, encode(session, session.batches()));
  if (made) return std::move(*made);
  WEIR_TRY_ASSIGN(const Sample* sample, session.subject().sample());
  return sample->document;
}

Step parse(Session& session, std::string_view bytes) {
  const auto& table = session.table<weir_format>();
  if (!WEIR_CAN(&table, open_reader)) return {};
  MemoryInput input(session, bytes, session.knobs().piece);
  Reading reading(session, *table.reader);
  WEIR_TRY(reading.open(input.get()));
  WEIR_TRY(read_all(session, *table.reader, reading.self()));
  if (!WEIR_CAN(table.reader, position)) return {};
  auto position = reading.position();
  return position ? Step() : base::unexpected(std::move(position).error());
}

Step live_as_format(Session& session) {
  WEIR_TRY_ASSIGN(const std::string bytes, document_of(session));
  return parse(session, bytes);
}

base::Result<std::string> pump(Session& session, std::string_view bytes, bool compress, std::size_t piece) {
  const auto& table = session.table<weir_codec>();
  void* self = nullptr;
  WEIR_TRY(session.call(
      "create", [&](weir_error* error) { return table.create(session.context(), compress ? 1 : 0, &self, error); }));
  const Ending ending(session, "destroy", [&] { table.destroy(self); });
  std::string out;
  constexpr std::size_t kLeastRoom = 16;  // a step may ask for more than a byte
  std::vector<std::uint8_t> room(std::clamp<std::size_t>(piece, kLeastRoom, 1U << 16U));
  constexpr int kMostSteps = 2'000'000, kMostStill = 64;
  std::size_t at = 0;
  for (int steps = 0, still = 0; steps < kMostSteps; ++steps) {
    const std::string_view in = bytes.substr(at, piece);
    const bool last = at + in.size() == bytes.size();
    std::uint64_t consumed = 0, produced = 0;
    std::int32_t done = 0;
    WEIR_TRY(session.call("step", [&](weir_error* error) {
      return table.step(self, bytes_of(in), last ? 1 : 0, room.data(), room.size(), &consumed, &produced, &done, error);
    }));
    if (consumed > in.size() || produced > room.size()) {
      session.observe("step-in-bounds", "step() told more bytes than it was given");
      return out;
    }
    out.append(reinterpret_cast<const char*>(room.data()), produced);
    at += consumed;
    if (done != 0 && at == bytes.size()) return out;
    still = consumed == 0 && produced == 0 && done == 0 ? still + 1 : 0;
    if (still < kMostStill) continue;
    session.observe("step-advances",
                    "step() neither took nor gave a byte, " + std::to_string(kMostStill) + " times over");
    return out;
  }
  session.observe("step-advances", "step() did not come to an end");
  return out;
}

Step live_as_codec(Session& session) {
  std::string plain;
  for (int i = 0; i < 2000; ++i) plain += "line " + std::to_string(i % 37) + "\n";
  WEIR_TRY_ASSIGN(const Sample* sample, session.subject().sample());
  std::string packed = session.knobs().document.value_or(sample->document);
  if (packed.empty()) {
    WEIR_TRY_ASSIGN(packed, pump(session, plain, true, session.knobs().piece));
  }
  WEIR_TRY_ASSIGN(std::string unpacked, pump(session, packed, false, session.knobs().piece));
  session.add_row(std::move(unpacked));
  return {};
}

namespace {

struct ObjectSink : weir_object_sink {
  Session* session;
  std::vector<Stored>* objects;
};

weir_status put_object(const weir_object_sink* self, const weir_object* object) {
  const auto* sink = static_cast<const ObjectSink*>(self);
  const weir_status status = sink->session->callback("put");
  if (status == WEIR_OK)
    sink->objects->push_back(
        {std::string(text_of(object->name)), std::string(text_of(object->version)), object->bytes});
  return status;
}

}  // namespace

Storing::~Storing() {
  if (created_) session_.finish("destroy", [this] { session_.table<weir_storage>().destroy(self_); });
}

Step Storing::create() {
  WEIR_TRY(session_.call("create", [&](weir_error* error) {
    return session_.table<weir_storage>().create(session_.context(), &self_, error);
  }));
  created_ = true;
  if (WEIR_CAN(&session_.table<weir_storage>(), cancel))
    session_.can_cancel([this] { session_.table<weir_storage>().cancel(self_); });
  return {};
}

base::Result<std::vector<Stored>> Storing::list(std::string_view prefix, std::string_view after) {
  std::vector<Stored> objects;
  const ObjectSink sink{{sizeof(weir_object_sink), put_object}, &session_, &objects};
  WEIR_TRY(session_.call("list", [&](weir_error* error) {
    return session_.table<weir_storage>().list(self_, string_of(prefix), string_of(after), &sink, error);
  }));
  return objects;
}

base::Result<std::vector<Stored>> Storing::stat(std::string_view name) {
  std::vector<Stored> objects;
  const ObjectSink sink{{sizeof(weir_object_sink), put_object}, &session_, &objects};
  WEIR_TRY(session_.call("stat", [&](weir_error* error) {
    return session_.table<weir_storage>().stat(self_, string_of(name), &sink, error);
  }));
  return objects;
}

base::Result<std::string> Storing::replace(std::string_view name, std::string_view bytes, std::string_view expected) {
  const auto* const table =
      static_cast<const weir_conditional*>(plugins::Library::extension(session_.description(), WEIR_CONDITIONAL));
  std::vector<Stored> objects;
  const ObjectSink sink{{sizeof(weir_object_sink), put_object}, &session_, &objects};
  WEIR_TRY(session_.call("replace", [&](weir_error* error) {
    return table->replace(self_, string_of(name), {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()},
                          string_of(expected), &sink, error);
  }));
  return objects.empty() ? std::string() : objects.front().version;
}

base::Result<std::string> Storing::read(std::string_view name, std::string_view version) {
  const weir_input* input = nullptr;
  WEIR_TRY(session_.call("open_read", [&](weir_error* error) {
    return session_.table<weir_storage>().open_read(self_, string_of(name), string_of(version), &input, error);
  }));
  const Ending ending(session_, "close", [&] { input->close(input); });
  std::string bytes;
  std::vector<std::uint8_t> buffer(std::min<std::size_t>(session_.knobs().piece, 1U << 16U));
  constexpr std::size_t kEnough = 1U << 24U;
  while (bytes.size() < kEnough) {
    std::uint64_t got = 0;
    std::int32_t outcome = -1;
    WEIR_TRY(session_.call("read", [&](weir_error* error) {
      return input->read(input, plugins::monotonic_ns() + 1'000'000'000, buffer.data(), buffer.size(), &got, &outcome,
                         error);
    }));
    if (outcome < WEIR_READ_MORE || outcome > WEIR_READ_END || got > buffer.size()) {
      session_.observe("outcome-known",
                       "read() told the outcome " + std::to_string(outcome) + " and " + std::to_string(got) + " bytes");
      return bytes;
    }
    bytes.append(reinterpret_cast<const char*>(buffer.data()), got);
    if (outcome == WEIR_READ_END) return bytes;
  }
  return bytes;
}

base::Result<std::string> Storing::write(std::string_view name, std::string_view bytes, std::uint64_t epoch) {
  const weir_output* output = nullptr;
  WEIR_TRY(session_.call("open_write", [&](weir_error* error) {
    return session_.table<weir_storage>().open_write(self_, session_.context(epoch), string_of(name), epoch,
                                                     {nullptr, 0}, &output, error);
  }));
  const Ending ending(session_, "close", [&] { output->close(output); });
  WEIR_TRY(session_.call("write", [&](weir_error* error) { return output->write(output, bytes_of(bytes), error); }));
  std::vector<std::string> committables;
  weir_receipt receipt{};
  receipt.size = sizeof receipt;
  WEIR_TRY(session_.call("prepare", [&](weir_error* error) {
    return output->prepare(output, session_.byte_sink(committables), &receipt, error);
  }));
  return committables.empty() ? std::string() : std::move(committables.front());
}

Step Storing::commit(std::string_view committable) {
  return session_.call("commit", [&](weir_error* error) {
    return session_.table<weir_storage>().commit(self_, bytes_of(committable), error);
  });
}

Step Storing::abort(std::string_view committable) {
  return session_.call("abort", [&](weir_error* error) {
    return session_.table<weir_storage>().abort(self_, bytes_of(committable), error);
  });
}

Step Storing::sweep(const std::vector<std::string>& keep, std::string lane) {
  std::vector<weir_bytes> kept;
  for (const std::string& committable : keep) kept.push_back(bytes_of(committable));
  return session_.call("sweep", [&](weir_error* error) {
    return session_.table<weir_storage>().sweep(self_, session_.context(1, std::move(lane)), kept.data(), kept.size(),
                                                error);
  });
}

Step live_as_storage(Session& session) {
  Storing storing(session);
  WEIR_TRY(storing.create());
  WEIR_TRY_ASSIGN(const Sample* sample, session.subject().sample());
  if (sample->files.empty()) {
    WEIR_TRY_ASSIGN(const std::string staged, storing.write(session.option("/path"), "one,two\n1,2\n"));
    WEIR_TRY(storing.commit(staged));
  }
  WEIR_TRY_ASSIGN(const std::vector<Stored> objects, storing.list(session.option("/path")));
  for (const Stored& object : objects) {
    WEIR_TRY_ASSIGN(std::string bytes, storing.read(object.name, object.version));
    session.add_row(fs::path(object.name).filename().string() + "=" + bytes);
  }
  return {};
}

Step live_as_connection(Session& session) {
  const auto& table = session.table<weir_connection>();
  void* self = nullptr;
  WEIR_TRY(session.call("connect", [&](weir_error* error) { return table.connect(session.context(), &self, error); }));
  const Ending ending(session, "disconnect", [&] { table.disconnect(self); });
  if (WEIR_CAN(&table, cancel)) session.can_cancel([&table, self] { table.cancel(self); });
  return session.call("ping", [&](weir_error* error) { return table.ping(self, error); });
}

std::map<std::string, std::string> files_in(const fs::path& folder) {
  std::map<std::string, std::string> files;
  std::error_code ignored;
  for (const auto& entry : fs::recursive_directory_iterator(folder, ignored)) {
    if (!entry.is_regular_file(ignored)) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    files[entry.path().lexically_relative(folder).string()] = std::string(std::istreambuf_iterator<char>(file), {});
  }
  return files;
}

}  // namespace weir::conformance
