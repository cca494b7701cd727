// Every message about the log, in golden/messages.txt.
#include <fstream>

#include <weir_catch.hpp>
#include <weir_golden.hpp>
#include <weir_test_folder.hpp>

#include "base/utf8.hpp"
#include "observe/log_settings.hpp"

namespace weir::observe {

TEST_CASE("what is wrong with a log's settings, or where it is to go, is told as the golden file says") {
  const test::Folder folder;
  test::Golden told(std::filesystem::path(WEIR_GOLDEN) / "messages.txt");
  told.hide(folder.path().string(), "FOLDER");
  for (const char* settings :
       {"debug", "=debug", "levl=debug", "zzzzzzz=debug", "plugins.=info", "run=loud", "level=\x1b[2J", "format=xml",
        "size=10", "size=0B", "files=many", "files=1001", "to=", "level=info,,"}) {
    const std::string title = base::printable(settings);
    told.tell_failure("settings " + title, parse_log_settings(settings));
  }
  std::ofstream(folder.path() / "file") << "x";
  LogOptions options;
  options.file = (folder.path() / "file/weir.log").string();
  told.tell_failure("a file in a file", Log::open(options));
  options.file = folder.path().string();
  told.tell_failure("a folder", Log::open(options));
  options = {};
  options.journal = (folder.path() / "journal").string();
  told.tell_failure("a journal that is not there", Log::open(options));
  told.end();
}

}  // namespace weir::observe
