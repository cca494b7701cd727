#include <weir/weir.h>

#include "plugins/context.hpp"
#include "run/reject_sorter.hpp"

namespace weir::run {
namespace {

weir_bytes bytes_of(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

class CarriedReader final : public pipeline::SplitReader {
 public:
  CarriedReader(const std::vector<pipeline::Reject>& rejects, const std::string& split)
      : rejects_(rejects), split_(split) {}

  base::Result<pipeline::Piece> read(pipeline::Outlet& outlet, const pipeline::Deliver& deliver) override {
    auto from = std::make_shared<pipeline::Provenance>();
    from->file = split_;
    pipeline::Piece piece;
    piece.from = from;
    piece.got = piece.last = true;
    outlet.begin(piece.from, &deliver);
    const weir_next& next = outlet;
    for (std::size_t i = 0; i < rejects_.size() && !outlet.failed(); ++i) {
      const pipeline::Reject& carried = rejects_[i];
      weir_reject reject{};
      weir_reject_clear(&reject);
      reject.offset = static_cast<std::int64_t>(i);
      reject.fields = bytes_of(carried.row);
      reject.record = bytes_of(carried.record);
      reject.column = plugins::string_of(carried.column);
      reject.reason = plugins::string_of(carried.reason);
      reject.detail = plugins::string_of(carried.detail);
      next.reject(&next, &reject);
    }
    if (auto failure = outlet.end()) return base::unexpected(std::move(*failure));
    return piece;
  }
  base::Result<void> parse(const pipeline::Piece& /*piece*/, pipeline::Outlet& /*outlet*/,
                           const pipeline::Deliver& /*deliver*/) override {
    return {};
  }
  bool apart() const override { return false; }
  void cancel() override {}

 private:
  const std::vector<pipeline::Reject>& rejects_;
  const std::string& split_;
};

class CarriedSource final : public pipeline::Source {
 public:
  CarriedSource(const RejectEntry& entry, std::string split, const ArrowSchema& schema)
      : rejects_(entry.carried), link_(entry.link), splits_{{std::move(split), -1, -1}} {
    schemas_.push_back(weir::Schema::copy_of(schema));
  }
  base::Result<void> plan() override { return {}; }
  const std::vector<pipeline::SplitInfo>& splits() const override { return splits_; }
  std::vector<pipeline::InputVersion> inputs() const override { return {}; }
  const std::vector<weir::Schema>& schemas() const override { return schemas_; }
  base::Result<void> keep_to(const ArrowSchema& /*agreed*/) override { return {}; }
  std::int32_t replay() const override { return WEIR_REPLAY_REDELIVERY; }
  base::Result<std::unique_ptr<pipeline::SplitReader>> open(std::size_t /*split*/,
                                                            std::string_view /*position*/) override {
    return std::unique_ptr<pipeline::SplitReader>(std::make_unique<CarriedReader>(rejects_, splits_.front().name));
  }
  const std::string& plugin() const override { return name_; }
  const std::string& component() const override { return name_; }
  const std::string& link() const override { return link_; }
  std::uint64_t piece_bytes() const override { return 1; }
  std::uint64_t bytes_read() const override { return 0; }

 private:
  std::vector<pipeline::Reject> rejects_;
  std::string link_;
  std::string name_ = "rejects";
  std::vector<pipeline::SplitInfo> splits_;
  std::vector<weir::Schema> schemas_;
};

}  // namespace

std::unique_ptr<pipeline::Source> make_carried_source(const RejectEntry& entry, std::string split,
                                                      const ArrowSchema& schema) {
  return std::make_unique<CarriedSource>(entry, std::move(split), schema);
}

}  // namespace weir::run
