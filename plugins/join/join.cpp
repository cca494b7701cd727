// The plugin join: a transformer that adds to each row what another input has for its key.
#include <algorithm>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include <weir/cpp/named_column.hpp>
#include <weir/cpp/nested_builder.hpp>
#include <weir/cpp/passing.hpp>
#include <weir/cpp/shown_size.hpp>
#include <weir/weir.hpp>

#include "lookup.hpp"
#include "match.hpp"
#include "weir_plugin_info.h"

namespace weir::join {
namespace {

constexpr std::size_t kRowsInBatch = 65536;
constexpr std::uint64_t kRight = 1;  // the input

using RowNumbers = std::vector<std::uint32_t>;

}  // namespace

// Threads: one caller at a time.
class Join : public Transformer {
 public:
  Join(const Context& context, const Inputs& inputs, const Outputs& outputs)
      : most_bytes_(static_cast<std::uint64_t>(context.config().integer("/memory"))) {
    if (inputs.schemas.size() != 2)
      throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST, "expected 'with' and an extractor, found none")
          .option("/with")
          .hint("say what is joined: with: { use: file, path: countries.csv }");
    left_ = Schema::copy_of(inputs[0]);
    right_ = Schema::copy_of(inputs[kRight]);
    match_ = std::make_unique<Match>(context.config(), left_.get(), right_.get());
    output_ = match_->output(left_.get(), right_.get());
    keys_ = KeyBytes(left_.get(), match_->left);
    lookup_ = std::make_unique<Lookup>(right_.get(), match_->right, match_->added);
    std::vector<const ArrowSchema*> added;
    for (std::int64_t i = left_->n_children; i < output_->n_children; ++i) added.push_back(output_->children[i]);
    added_ = std::make_unique<RowReader>(added);
    outputs.same(output_.get());
  }

  static void traits(const Config& /*config*/, weir_traits& traits) {
    traits.many_inputs = 1;
    traits.rows = WEIR_ROWS_MULTIPLY;
  }

  void process(std::uint64_t input, Batch& batch, const Next& next) override {
    if (input != kRight) return pass(batch, next);
    lookup_->add(batch);
    if (lookup_->bytes() > most_bytes_) throw full();
  }

  void reads(std::uint64_t input, const Sink& names) const {
    const Schema& rows = input == kRight ? right_ : left_;
    for (const std::int64_t column : input == kRight ? match_->right : match_->left)
      names.put(column_name(rows.get(), column));
    for (std::size_t i = 0; input == kRight && i < match_->added.size(); ++i)
      names.put(column_name(rows.get(), match_->added[i]));
  }

  void lineage(std::uint64_t /*output*/, std::string_view column, std::uint64_t input, const Sink& names) const {
    const auto added = std::find(match_->names.begin(), match_->names.end(), column);
    const bool is_right = added != match_->names.end();
    if (is_right != (input == kRight)) return;
    if (!is_right) return names.put(column);
    names.put(column_name(right_.get(), match_->added[static_cast<std::size_t>(added - match_->names.begin())]));
  }

 private:
  // Which rows of the two sides stand beside each other.
  void pair(std::int64_t length, std::uint64_t& unmatched) {
    const auto found = lookup_->find(keys_);
    rows_.clear();
    partners_.clear();
    for (std::uint32_t row = 0; row < static_cast<std::uint64_t>(length); ++row) {
      std::uint32_t partner = found[row];
      if (partner == Lookup::kNone) {
        if (!match_->is_left) {
          ++unmatched;
          continue;
        }
        rows_.push_back(row);
        partners_.push_back(partner);
      }
      for (; partner != Lookup::kNone; partner = lookup_->next(partner)) {
        rows_.push_back(row);
        partners_.push_back(partner);
      }
    }
  }

  void pass(Batch& batch, const Next& next) {
    keys_.lay(batch);
    std::uint64_t unmatched = 0;
    const std::int64_t length = batch.length();
    pair(length, unmatched);
    if (unmatched > 0) next.drop(unmatched, "no match");
    if (rows_.empty()) return;
    const auto rows = std::make_shared<Array>(batch.take());
    if (rows_.size() == static_cast<std::size_t>(length) && unmatched == 0) return push_each_once(rows, next);
    const RowWriter writer(left_.get(), nested_columns(), rows->get());
    for (std::size_t from = 0; from < rows_.size(); from += kRowsInBatch)
      push(rows, writer, from, std::min(from + kRowsInBatch, rows_.size()), next);
  }

  // Each row has one partner, or none and stays: its columns are passed on as they are.
  void push_each_once(const std::shared_ptr<Array>& rows, const Next& next) {
    std::vector<Array> columns;
    for (std::int64_t i = 0; i < left_->n_children; ++i) columns.push_back(shared_column(rows, i));
    for (auto& column : added_columns(0, partners_.size())) columns.push_back(std::move(column));
    next.push(rows_of((*rows)->length, std::move(columns)), 0, weir::detail::origins_of(rows_));
  }

  std::vector<Array> added_columns(std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; ++i) {
      if (partners_[i] == Lookup::kNone) {
        added_->append_nulls();
      } else {
        added_->append(lookup_->row(partners_[i]));
      }
    }
    return added_->finish();
  }

  void push(const std::shared_ptr<Array>& batch, const RowWriter& nested, std::size_t from, std::size_t to,
            const Next& next) {
    const RowNumbers rows(rows_.begin() + static_cast<std::ptrdiff_t>(from),
                          rows_.begin() + static_cast<std::ptrdiff_t>(to));
    std::vector<Array> made = nested_of(nested, rows), columns;
    std::size_t next_nested = 0;
    for (std::int64_t i = 0; i < left_->n_children; ++i)
      columns.push_back(is_nested(i) ? std::move(made[next_nested++]) : gathered(batch, i, rows));
    for (auto& column : added_columns(from, to)) columns.push_back(std::move(column));
    next.push(rows_of(static_cast<std::int64_t>(rows.size()), std::move(columns)), 0, weir::detail::origins_of(rows));
  }

  // The columns whose values are not copied by their buffers, as bytes and back.
  std::vector<Array> nested_of(const RowWriter& nested, const RowNumbers& rows) const {
    std::vector<const ArrowSchema*> fields;
    for (const std::int64_t i : nested_columns()) fields.push_back(left_->children[i]);
    RowReader reader(fields);
    Buffer bytes;
    for (std::size_t i = 0; i < rows.size() && !fields.empty(); ++i) {
      bytes.resize(0);
      nested.append(bytes, rows[i]);
      reader.append(reinterpret_cast<const char*>(bytes.data()));
    }
    return reader.finish();
  }
  // Of a dictionary the indices; all share what stands in it.
  Array gathered(const std::shared_ptr<Array>& batch, std::int64_t i, const RowNumbers& rows) const {
    const Array column = shared_column(batch, i);
    ArrowSchema field = *left_->children[i];
    field.dictionary = nullptr;
    Array made = weir::detail::gather(field, column.get(), rows);
    if (left_->children[i]->dictionary == nullptr) return made;
    ArrowArray words = *column->dictionary;
    words.private_data = new std::shared_ptr<Array>(batch);
    words.release = weir::detail::release_share;
    return with_dictionary(std::move(made), Array(&words));
  }
  bool is_nested(std::int64_t i) const {
    const ArrowSchema& field = *left_->children[i];
    return field.dictionary == nullptr && !weir::detail::is_flat(field);
  }
  std::vector<std::int64_t> nested_columns() const {
    std::vector<std::int64_t> columns;
    for (std::int64_t i = 0; i < left_->n_children; ++i) {
      if (is_nested(i)) columns.push_back(i);
    }
    return columns;
  }

  Failure full() const {
    return Failure(WEIR_FAILED_PRECONDITION, WEIR_FAULT_MANIFEST,
                   "expected rows to join that fit into " + shown_size(most_bytes_) + ", found more than that with " +
                       std::to_string(lookup_->size()))
        .hint("raise memory, or name the columns that are needed: columns: [name]")
        .option("/memory");
  }

  std::uint64_t most_bytes_;
  Schema left_, right_, output_;
  std::unique_ptr<Match> match_;
  KeyBytes keys_;
  std::unique_ptr<Lookup> lookup_;
  std::unique_ptr<RowReader> added_;
  RowNumbers rows_, partners_;  // of the batch in hand
};

}  // namespace weir::join

WEIR_PLUGIN(weir::transformer<weir::join::Join>("join"));
