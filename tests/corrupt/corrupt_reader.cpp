// Reads what an extract means, once for each line on standard input, and tells what came of it: {"rows":[…]} or {"error":{…}}, a
// line each. A process for thousands of inputs, which are read as in a run: the plan, then every piece of every split.
//
// usage: weir_corrupt_reader EXTRACT    as in a manifest in JSON: {"use":"file","path":"in.csv"}
#include <array>
#include <filesystem>
#include <iostream>

#include <nlohmann/json.hpp>

#include "arrow/json.hpp"
#include "pipeline/outlet.hpp"
#include "run/plan.hpp"

namespace weir::run {
namespace {

namespace fs = std::filesystem;

plugins::Registry installed() {
  const fs::path tests = fs::read_symlink("/proc/self/exe").parent_path();
  const std::array<plugins::SearchPath, 1> folders{{{tests.parent_path() / "lib/weir/plugins", "test"}}};
  return plugins::Registry(plugins::discover(folders), {});
}

class Reader {
 public:
  explicit Reader(const std::string& extract)
      : registry_(installed()), libraries_(services_), draft_(draft_of(extract, redactor_)) {}

  // Appends the rows as JSON, with commas between.
  base::Result<void> read(std::string& rows) {
    if (!draft_.errors.empty()) return base::unexpected(draft_.errors.front());
    WEIR_TRY_ASSIGN(Plan plan, assemble(draft_, registry_, libraries_, services_, redactor_, {}, {}));
    auto& source = *plan.sources.front();
    WEIR_TRY(source.plan());
    integrity::Account account;
    const pipeline::TakeReject refuse = [](const pipeline::Reject& reject) -> base::Result<void> {
      return base::unexpected(reject.error());
    };
    pipeline::Outlet outlet(pipeline::outlet_setup(source, true), &account, refuse);
    const pipeline::Deliver keep = [&](const pipeline::Batch& batch) -> base::Result<void> {
      for (std::int64_t row = 0; row < batch.rows.length(); ++row) {
        if (!rows.empty()) rows += ',';
        arrow::append_row_as_json(rows, batch.rows.get(), source.schemas().front().get(), row);
      }
      return {};
    };
    for (std::size_t split = 0; split < source.splits().size(); ++split) {
      WEIR_TRY_ASSIGN(const auto reader, source.open(split, {}));
      for (bool last = false; !last;) {
        WEIR_TRY_ASSIGN(const pipeline::Piece piece, reader->read(outlet, keep));
        if (piece.to_parse) WEIR_TRY(reader->parse(piece, outlet, keep));
        last = piece.last;
      }
    }
    return {};
  }

 private:
  static manifest::Draft draft_of(const std::string& extract, observe::Redactor& redactor) {
    manifest::Values values;
    values.folder = fs::current_path();
    const std::string text = R"({"weir": 1, "name": "m", "load": {"use": "discard"}, "extract": )" + extract + "}";
    return manifest::draft_from_text("m.json", text, values, redactor);
  }

  observe::Redactor redactor_;
  plugins::HostServices services_;
  plugins::Registry registry_;
  plugins::Libraries libraries_;
  manifest::Draft draft_;
};

std::string told(const base::Error& error) {
  const nlohmann::json text{{"error",
                             {{"code", error.code},
                              {"message", error.message},
                              {"file", error.place.file},
                              {"line", error.place.line},
                              {"exit", base::exit_code(error)}}}};
  return text.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

}  // namespace
}  // namespace weir::run

int main(int count, char** words) {
  if (count != 2) return 2;
  weir::run::Reader reader(words[1]);
  for (std::string line; std::getline(std::cin, line);) {
    std::string rows;
    const auto done = reader.read(rows);
    std::cout << (done ? R"({"rows":[)" + rows + "]}" : weir::run::told(done.error())) << std::endl;
  }
  return 0;
}
