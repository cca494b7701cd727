// lines: a format. It reads each line of a text as a row, and writes rows as lines.
#include <weir/cpp/utf8.hpp>
#include <weir/weir.hpp>

#include "weir_plugin_info.h"

namespace {

constexpr std::size_t kPiece = std::size_t{1} << 20U;

class LineReader : public weir::Reader {
 public:
  LineReader(const weir::Context& context, weir::Input input, std::string_view, const weir::Outputs& outputs)
      : input_(input) {
    outputs.put(weir::Schema::rows(weir::fields_of(weir::Schema::field("u", context.config().text("/column")))));
  }

  // Reads a piece, and pushes the lines that end in it, each with the place where it began.
  std::int32_t read(std::int64_t deadline, const weir::Next& next) override {
    bool end = false;
    const std::size_t kept = bytes_.size();
    bytes_.resize(kept + kPiece);
    bytes_.resize(kept + input_.read(reinterpret_cast<std::uint8_t*>(bytes_.data()) + kept, kPiece, &end, deadline));
    weir::TextBuilder lines;
    weir::NumberBuilder<std::uint32_t> origins;
    std::size_t begin = 0;
    for (std::size_t stop; (stop = bytes_.find('\n', begin)) != bytes_.npos; begin = stop + 1)
      add(begin, stop, lines, origins);
    if (end && begin < bytes_.size()) {
      add(begin, bytes_.size(), lines, origins);
      begin = bytes_.size();
    }
    if (const std::int64_t count = lines.length(); count > 0) {
      std::vector<weir::Array> columns;
      columns.push_back(lines.finish());
      next.push(weir::rows_of(count, std::move(columns)), 0, origins.finish(), offset_);
    }
    bytes_.erase(0, begin);
    offset_ += static_cast<std::int64_t>(begin);
    return end ? WEIR_READ_END : WEIR_READ_MORE;
  }

 private:
  void add(std::size_t begin, std::size_t stop, weir::TextBuilder& lines,
           weir::NumberBuilder<std::uint32_t>& origins) const {
    const std::string_view line = std::string_view(bytes_).substr(begin, stop - begin);
    if (const std::size_t bad = weir::invalid_utf8(line); bad != line.npos) {
      throw weir::Failure(WEIR_DATA_LOSS, WEIR_FAULT_DATA, "expected UTF-8, found another byte")
          .offset(offset_ + static_cast<std::int64_t>(begin + bad));
    }
    lines.append(line.ends_with('\r') ? line.substr(0, line.size() - 1) : line);
    origins.append(static_cast<std::uint32_t>(begin));
  }

  weir::Input input_;
  std::string bytes_;        // read, and not pushed yet
  std::int64_t offset_ = 0;  // in the input, of the first of them
};

class LineWriter : public weir::Encoder {
 public:
  LineWriter(const weir::Context&, const ArrowSchema& input, const weir::Outputs& stored, weir::Output output)
      : output_(output) {
    if (input.n_children != 1 || weir::type_of(*input.children[0]).type != weir::Type::utf8) {
      throw weir::Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST,
                          "expected one column of type string, found others")
          .hint("a select before the load can keep one");
    }
    stored.same(input);
  }

  void encode(weir::Batch& batch, const weir::Next&) override {
    const weir::TextColumn texts(batch.column(0), batch.outer());
    std::string bytes;
    for (std::int64_t row = 0; row < batch.length(); ++row) {
      if (texts.valid(row)) bytes += texts[row];
      bytes += '\n';
    }
    output_.write(bytes.data(), bytes.size());
  }
  void flush() override {}  // all rows are in the output already, so a file may go on after a checkpoint

 private:
  weir::Output output_;
};

struct Sniffer {
  static std::int32_t sniff(const weir_sniff& found) { return weir::to_view(found.name).ends_with(".lines") ? 90 : 0; }
};

}  // namespace

WEIR_PLUGIN(weir::format<LineReader, LineWriter, Sniffer>("lines"));
