#include "run/capture.hpp"

#include "arrow/gather.hpp"
#include "arrow/json.hpp"
#include "manifest/parse.hpp"
#include "pipeline/links/transform.hpp"

namespace weir::run {
namespace {

class CaptureWriter final : public pipeline::LoadWriter {
 public:
  explicit CaptureWriter(Captured& captured) : captured_(captured) {}

  base::Result<void> write(std::uint64_t /*input*/, pipeline::Batch batch) override {
    const ArrowSchema& schema = captured_.schema.get();
    WEIR_TRY(pipeline::materialize(batch, schema));
    account_.rows_in += batch.live();
    account_.rows_out += batch.live();
    for (std::int64_t row = 0; row < batch.rows.length(); ++row) {
      std::string text;
      arrow::append_row_as_json(text, batch.rows.get(), schema, row);
      WEIR_TRY_ASSIGN(const auto source, manifest::make_source("row", std::move(text)));
      WEIR_TRY_ASSIGN(auto node, manifest::parse_json(source));
      captured_.rows.push_back(std::move(node));
    }
    return {};
  }
  base::Result<pipeline::Prepared> prepare(std::uint64_t /*epoch*/, bool /*last*/) override {
    return pipeline::Prepared{{}, {static_cast<std::int64_t>(account_.rows_out)}};
  }
  bool continues() const override { return false; }
  base::Result<void> commit(std::uint64_t /*epoch*/) override { return {}; }
  void cancel() override {}
  const integrity::Account& account(std::uint64_t /*input*/) const override { return account_; }

 private:
  Captured& captured_;
  integrity::Account account_;
};

class Capture final : public pipeline::Load {
 public:
  Capture(std::string link, Captured& captured) : link_(std::move(link)), captured_(captured) {
    traits_.ordered = 1;
    traits_.commit = WEIR_COMMIT_NONE;
  }
  const weir_traits& traits() const override { return traits_; }
  std::size_t inputs() const override { return 1; }
  const std::string& link(std::uint64_t /*input*/) const override { return link_; }
  const std::string& component() const override { return component_; }
  std::string shown(std::uint64_t /*input*/) const override { return {}; }
  base::Result<std::unique_ptr<pipeline::LoadWriter>> open_writer(std::vector<pipeline::WriterInput> inputs,
                                                                  const pipeline::RunIdentity& /*run*/,
                                                                  const std::string& /*resume*/) override {
    captured_.schema = weir::Schema::copy_of(*inputs.front().schema);
    return std::unique_ptr<pipeline::LoadWriter>(std::make_unique<CaptureWriter>(captured_));
  }
  base::Result<std::unique_ptr<pipeline::LoadCommitter>> open_committer(const pipeline::RunIdentity& /*run*/) override {
    return base::unexpected(base::make_error(base::Status::unimplemented, base::Fault::host, "run.exception",
                                             "expected no commit of what is kept in memory, found one"));
  }

 private:
  std::string link_;
  std::string component_ = "capture";
  Captured& captured_;
  weir_traits traits_{};
};

}  // namespace

std::unique_ptr<pipeline::Load> make_capture(std::string link, Captured& captured) {
  return std::make_unique<Capture>(std::move(link), captured);
}

}  // namespace weir::run
