#include "run/examine.hpp"

#include "arrow/json.hpp"
#include "pipeline/links/transform.hpp"

namespace weir::run {
namespace {

using integrity::Digest;
using integrity::RowSketch;

// A writer into nothing.
class LookingWriter : public pipeline::LoadWriter {
 public:
  explicit LookingWriter(const ArrowSchema& schema) : schema_(weir::Schema::copy_of(schema)) {}

  base::Result<void> write(std::uint64_t /*input*/, pipeline::Batch batch) final {
    WEIR_TRY(pipeline::materialize(batch, schema_.get()));
    account_.rows_in += batch.live();
    account_.rows_out += batch.live();
    return look(batch);
  }
  base::Result<pipeline::Prepared> prepare(std::uint64_t /*epoch*/, bool /*last*/) final {
    return pipeline::Prepared{{}, {-1}};
  }
  bool continues() const final { return false; }
  base::Result<void> commit(std::uint64_t /*epoch*/) final { return {}; }
  void cancel() final {}
  const integrity::Account& account(std::uint64_t /*input*/) const final { return account_; }

 protected:
  virtual base::Result<void> look(const pipeline::Batch& batch) = 0;
  const ArrowSchema& schema() const { return schema_.get(); }

 private:
  weir::Schema schema_;
  integrity::Account account_;
};

class ExaminingWriter final : public LookingWriter {
 public:
  ExaminingWriter(const ArrowSchema& schema, const Examination& examination, Examined& examined)
      : LookingWriter(schema), examination_(examination), examined_(examined) {
    examined_.comparison.emplace(examination_.sent.get(), schema);
    const ArrowSchema& narrowed = examined_.comparison->schema();
    for (const auto& name : examination_.key) key_.push_back(weir::column_index(narrowed, name));
  }

 private:
  base::Result<void> look(const pipeline::Batch& batch) override {
    const auto rows = static_cast<std::uint64_t>(batch.rows.length());
    examined_.rows_read += rows;
    if (examined_.rows_read > examination_.most_rows) examined_.too_many = true;
    if (examined_.too_many && examination_.stop) examination_.stop();
    if (examined_.too_many || !examined_.comparison->readable()) return {};
    WEIR_TRY_ASSIGN(const auto digests, examined_.comparison->add(batch.rows.get()));
    RowsAndDigest part{rows, {}};
    for (const Digest& digest : digests) part.digest.add(digest);
    examined_.parts[batch.from == nullptr ? std::string() : batch.from->file].add(part);
    if (examination_.picked.empty()) {
      for (const Digest& digest : digests) examined_.sketch.add(digest);
      return {};
    }
    for (std::size_t i = 0; i < digests.size(); ++i) {
      const std::uint64_t name = RowSketch::name_of(digests[i]);
      if (examination_.picked.contains(name) && kept_.insert(name).second)
        keep(name, batch, static_cast<std::int64_t>(i));
    }
    return {};
  }

  void keep(std::uint64_t name, const pipeline::Batch& batch, std::int64_t row) {
    const ArrowSchema& schema = examined_.comparison->schema();
    const ArrowArray rows = examined_.comparison->narrowed(batch.rows.get());
    PickedRow picked{name, nlohmann::ordered_json::array(), {}, batch.place(row)};
    for (const std::int64_t column : key_) {
      if (column < 0) continue;
      std::string value;
      arrow::append_value_as_json(value, *rows.children[column], *schema.children[column], rows.offset + row);
      picked.key.push_back(nlohmann::ordered_json::parse(value, nullptr, false));
    }
    arrow::append_row_as_json(picked.text, rows, schema, row);
    examined_.rows.push_back(std::move(picked));
  }

  const Examination& examination_;
  Examined& examined_;
  std::vector<std::int64_t> key_;           // in the columns that were sent
  std::unordered_set<std::uint64_t> kept_;  // names
};

class RejectWatcher final : public LookingWriter {
 public:
  RejectWatcher(const ArrowSchema& schema, SeenRejects& seen) : LookingWriter(schema), seen_(seen) {}

 private:
  base::Result<void> look(const pipeline::Batch& batch) override {
    if (seen_.count == 0 && batch.rows.length() > 0) {
      const std::int64_t outer = batch.rows->offset;
      const weir::TextColumn reason(column(batch, "reason"), outer), file(column(batch, "file"), outer);
      const weir::NumberColumn<std::int64_t> line(column(batch, "line"), outer);
      if (file.valid(0)) seen_.first = std::string(file[0]);
      if (line.valid(0)) seen_.first += ":" + std::to_string(line[0]);
      seen_.first += (seen_.first.empty() ? "" : ": ") + std::string(reason[0]);
    }
    seen_.count += static_cast<std::uint64_t>(batch.rows.length());
    return {};
  }
  const ArrowArray& column(const pipeline::Batch& batch, const char* name) const {
    return *batch.rows->children[weir::column_index(schema(), name)];
  }

  SeenRejects& seen_;
};

class Forgetting final : public LookingWriter {
 public:
  using LookingWriter::LookingWriter;

 private:
  base::Result<void> look(const pipeline::Batch& /*batch*/) override { return {}; }
};

// Makes the writers of it by a function of the rows' schema.
class LookingLoad final : public pipeline::Load {
 public:
  using Make = std::function<std::unique_ptr<pipeline::LoadWriter>(const ArrowSchema& schema)>;

  LookingLoad(std::string link, Make make) : link_(std::move(link)), make_(std::move(make)) {
    traits_.size = sizeof traits_;
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
    return make_(*inputs.front().schema);
  }
  base::Result<std::unique_ptr<pipeline::LoadCommitter>> open_committer(const pipeline::RunIdentity& /*run*/) override {
    return base::unexpected(base::make_error(base::Status::unimplemented, base::Fault::host, "run.exception",
                                             "expected no commit of what is kept in memory, found one"));
  }

 private:
  std::string link_, component_ = "verify";
  Make make_;
  weir_traits traits_{};
};

}  // namespace

std::unique_ptr<pipeline::Load> make_examining(std::string link, const Examination& examination, Examined& examined) {
  return std::make_unique<LookingLoad>(std::move(link), [&examination, &examined](const ArrowSchema& schema) {
    return std::make_unique<ExaminingWriter>(schema, examination, examined);
  });
}

std::unique_ptr<pipeline::Load> make_reject_counter(SeenRejects& seen) {
  return std::make_unique<LookingLoad>(
      "rejects", [&seen](const ArrowSchema& schema) { return std::make_unique<RejectWatcher>(schema, seen); });
}

std::unique_ptr<pipeline::Load> make_forgetting(std::string link) {
  return std::make_unique<LookingLoad>(std::move(link),
                                       [](const ArrowSchema& schema) { return std::make_unique<Forgetting>(schema); });
}

}  // namespace weir::run
