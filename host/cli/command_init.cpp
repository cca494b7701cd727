// weir init
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "arrow/schema.hpp"
#include "cli/commands.hpp"
#include "cli/init.hpp"
#include "cli/run_arguments.hpp"
#include "cli/text.hpp"

namespace weir::cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

struct InitArguments {
  std::vector<std::string> files;
  std::string to;  // empty: standard output
  bool force = false;
};

base::Error cannot_write(const std::string& file, int problem) {
  if (problem == EEXIST) {
    return base::manifest_error("init.exists", "'" + file + "': expected no file of that name, found one")
        .with_hint("give another name, or --force to write over it");
  }
  return base::make_error(base::Status::unavailable, base::Fault::destination, "init.write",
                          "'" + file + "': expected to write it, found: " + std::strerror(problem))
      .with_hint("see that the folder is there and may be written, or leave --to away: it is printed then");
}

base::Result<void> write_file(const std::string& file, const std::string& text, bool force) {
  const int flags = O_WRONLY | O_CREAT | O_CLOEXEC | (force ? O_TRUNC : O_EXCL);
  const int opened = ::open(file.c_str(), flags, 0644);  // NOLINT(cppcoreguidelines-pro-type-vararg)
  if (opened < 0) return base::unexpected(cannot_write(file, errno));
  std::size_t done = 0;
  int problem = 0;
  while (done < text.size() && problem == 0) {
    const auto wrote = ::write(opened, text.data() + done, text.size() - done);
    if (wrote >= 0)
      done += static_cast<std::size_t>(wrote);
    else if (errno != EINTR)
      problem = errno;
  }
  if (::close(opened) != 0 && problem == 0) problem = errno;
  if (problem != 0) return base::unexpected(cannot_write(file, problem));
  return {};
}

// What is written must be right: it is checked as weir validate does.
base::Result<void> check_pipeline(const std::string& text, const std::string& pipeline, const fs::path& folder,
                                  Output& output) {
  run::RunOptions options;
  options.manifest = "weir-init.yaml";
  if (!pipeline.empty()) options.pipelines = {pipeline};
  options.text = text;
  options.folder = folder;
  run::RunWatch watch = watch_of(output);
  watch.stdout_taken = nullptr;
  return run::validate_manifest(options, watch);
}

ordered_json found_data_json(const std::vector<DataFound>& found) {
  ordered_json list = ordered_json::array();
  for (const auto& one : found) {
    ordered_json item{{"name", one.name}, {"paths", one.paths}};
    if (!one.table.empty()) item["table"] = one.table;
    if (!one.format.empty()) item["format"] = one.format;
    if (!one.delimiter.empty()) item["delimiter"] = one.delimiter;
    item["columns"] = ordered_json::array();
    for (std::int64_t i = 0; i < one.schema->n_children; ++i) {
      const ArrowSchema& field = *one.schema->children[i];
      item["columns"].push_back({{"name", field.name}, {"type", arrow::describe_type(field)}});
    }
    list.push_back(std::move(item));
  }
  return list;
}

int init_command(const InitArguments& arguments, Output& output) {
  std::error_code problem;
  const fs::path target = arguments.to.empty() ? fs::path() : fs::path(arguments.to).parent_path();
  const fs::path folder = fs::weakly_canonical(fs::absolute(target.empty() ? "." : target, problem), problem);
  if (!arguments.to.empty() && !arguments.force && fs::exists(arguments.to, problem))
    return output.fail(cannot_write(arguments.to, EEXIST));
  if (!fs::is_directory(folder, problem)) return output.fail(cannot_write(arguments.to, ENOENT));
  const auto found = find_data(arguments.files, folder, output);
  if (!found) return output.fail(found.error());
  const std::string name = found->size() == 1 ? found->front().name : fs::path(arguments.files.front()).stem().string();
  const std::string file = arguments.to.empty() ? name + ".yaml" : arguments.to;
  const std::string text = manifest_for(*found, folder, fs::path(file).filename().string());
  for (const auto& one : *found) {
    const std::string pipeline = found->size() > 1 ? one.name : std::string();
    if (auto good = check_pipeline(text, pipeline, folder, output); !good) return output.fail(good.error());
  }
  ordered_json document{{"manifest", text}, {"found", found_data_json(*found)}};
  if (arguments.to.empty()) return output.succeed(text, document);
  if (auto written = write_file(arguments.to, text, arguments.force); !written) return output.fail(written.error());
  document["file"] = arguments.to;
  const std::string shown = shell_word(arguments.to);
  return output.succeed(
      arguments.to + ": written\n\nlook at it, then\n\n  weir preview " + shown + "\n  weir run " + shown + "\n",
      document);
}

}  // namespace

void add_init(CLI::App& program, Action& action) {
  auto arguments = std::make_shared<InitArguments>();
  CLI::App& command = *program.add_subcommand(
      "init",
      "writes a first manifest from the data it is to read: CSV, JSON, compressed or not, or a SQLite database");
  command.add_option("FILE", arguments->files, "the data: files, patterns in quotes, SQLite databases")->required();
  command.add_option("--to", arguments->to, "where to write the manifest (else standard output)")
      ->type_name("MANIFEST");
  command.add_flag("--force", arguments->force, "writes over a file that is there");
  command.callback(
      [arguments, &action] { action = [arguments](Output& output) { return init_command(*arguments, output); }; });
}

}  // namespace weir::cli
