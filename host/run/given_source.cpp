#include "arrow/shared.hpp"
#include "run/given_rows.hpp"

namespace weir::run {
namespace {

class GivenReader final : public pipeline::SplitReader {
 public:
  GivenReader(const GivenRows& given, const arrow::SharedArray& rows) : given_(given), rows_(rows) {}

  base::Result<pipeline::Piece> read(pipeline::Outlet& outlet, const pipeline::Deliver& deliver) override {
    pipeline::Piece piece;
    piece.from = provenance();
    piece.got = rows_.length() > 0;
    piece.last = true;
    if (!piece.got) return piece;
    outlet.begin(piece.from, &deliver);
    weir_batch batch{};
    weir_batch_clear(&batch);
    batch.rows = rows_.view().release();
    batch.origins = origins().release();
    const weir_next& next = outlet;
    next.push(&next, 0, &batch);
    if (auto failure = outlet.end()) return base::unexpected(std::move(*failure));
    return piece;
  }
  base::Result<void> parse(const pipeline::Piece&, pipeline::Outlet&, const pipeline::Deliver&) override { return {}; }
  bool apart() const override { return false; }
  void cancel() override {}

 private:
  // A row's place is where the manifest has it.
  std::shared_ptr<const pipeline::Provenance> provenance() const {
    auto from = std::make_shared<pipeline::Provenance>();
    if (given_.source == nullptr) return from;
    from->file = given_.source->file();
    const auto text = given_.source->text();
    from->text = std::make_shared<const std::vector<std::uint8_t>>(text.begin(), text.end());
    return from;
  }
  weir::Array origins() const {
    weir::NumberBuilder<std::uint32_t> builder;
    for (const std::uint32_t offset : given_.offsets) builder.append(offset);
    return given_.offsets.empty() ? weir::Array() : builder.finish();
  }

  const GivenRows& given_;
  const arrow::SharedArray& rows_;
};

class GivenSource final : public pipeline::Source {
 public:
  GivenSource(GivenRows given, std::string link)
      : given_(std::move(given)), rows_(std::move(given_.rows)), link_(std::move(link)) {
    schemas_.push_back(weir::Schema::copy_of(given_.schema.get()));
  }
  base::Result<void> plan() override { return {}; }
  const std::vector<pipeline::SplitInfo>& splits() const override { return splits_; }
  std::vector<pipeline::InputVersion> inputs() const override { return {}; }
  const std::vector<weir::Schema>& schemas() const override { return schemas_; }
  base::Result<void> keep_to(const ArrowSchema&) override { return {}; }
  std::int32_t replay() const override { return WEIR_REPLAY_NONE; }
  base::Result<std::unique_ptr<pipeline::SplitReader>> open(std::size_t, std::string_view) override {
    return std::unique_ptr<pipeline::SplitReader>(std::make_unique<GivenReader>(given_, rows_));
  }
  const std::string& plugin() const override { return name_; }
  const std::string& component() const override { return name_; }
  const std::string& link() const override { return link_; }
  std::uint64_t piece_bytes() const override { return 1; }
  std::uint64_t bytes_read() const override { return 0; }

 private:
  GivenRows given_;
  arrow::SharedArray rows_;
  std::string link_;
  std::string name_ = "given";
  std::vector<pipeline::SplitInfo> splits_{{"given", -1, -1}};
  std::vector<weir::Schema> schemas_;
};

}  // namespace

std::unique_ptr<pipeline::Source> make_given_source(GivenRows rows, std::string link) {
  return std::make_unique<GivenSource>(std::move(rows), std::move(link));
}

}  // namespace weir::run
