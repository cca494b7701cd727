#include "pipeline/links/replay.hpp"

#include <charconv>

namespace weir::pipeline {
namespace {

struct Count {
  std::uint64_t rows = 0, rejects = 0;
};

std::optional<Count> parsed_count(std::string_view text) {
  Count count;
  const char* const end = text.data() + text.size();
  const auto rows = std::from_chars(text.data(), end, count.rows);
  if (rows.ec != std::errc() || rows.ptr == end || *rows.ptr != ' ') return std::nullopt;
  const auto rejects = std::from_chars(rows.ptr + 1, end, count.rejects);
  if (rejects.ec != std::errc() || rejects.ptr != end) return std::nullopt;
  return count;
}

}  // namespace

base::Error changed_since(const std::string& shown, const std::string& expected, const std::string& found) {
  return base::make_error(base::Status::data_loss, base::Fault::source, "source.changed",
                          "'" + shown + "': expected " + expected + ", found " + found + ": it has changed meanwhile")
      .with_hint("look at what has been loaded, then run with --fresh");
}

std::string Replay::position() const { return std::to_string(rows_) + " " + std::to_string(rejects_); }

base::Result<void> Replay::go_to(std::string_view position, OutletSetup setup, const std::string& shown,
                                 const Read& read) {
  const auto wanted = parsed_count(position);
  const auto changed = [&] {
    return base::unexpected(changed_since(
        shown, "the rows that were read before up to position '" + std::string(position) + "'", "others"));
  };
  if (!wanted) return changed();
  integrity::Account account;
  const Deliver nowhere = [](const Batch&) { return base::Result<void>(); };
  Outlet outlet(std::move(setup), &account, [](const Reject&) { return base::Result<void>(); });
  const auto before = [&] { return account.rows_out < wanted->rows || account.rejected.total() < wanted->rejects; };
  for (bool last = false; before();) {
    if (last) return changed();
    WEIR_TRY_ASSIGN(last, read(outlet, nowhere));
  }
  if (account.rows_out != wanted->rows || account.rejected.total() != wanted->rejects) return changed();
  passed(wanted->rows, wanted->rejects);
  return {};
}

}  // namespace weir::pipeline
