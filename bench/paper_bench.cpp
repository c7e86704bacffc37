// Paper forms there and back: a made-up form, filled in several hands, printed, spoilt, read. paper_bench [FORMS], forms a hand and damage.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>

#include "platform/documents/paper_fixture.hpp"

using namespace motcua::documents;

int main(int count, char** words) {
  const unsigned forms = count > 1 ? static_cast<unsigned>(std::atoi(words[1])) : 2;
  const bool show = std::getenv("PAPER_BENCH_SHOW") != nullptr;
  auto reader = TextReader::open();
  if (!reader) return std::puts("tesseract's model vie is missing"), 3;
  const PaperForm form = sample_form();
  const FindForm find = [&form](std::string_view, std::string_view) { return &form; };
  std::puts("| hand | damage | fields right | boxes of digits | letters in boxes | line | checkboxes | wrong though sure | seconds a form |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
  for (const char* hand : {"", "DejaVu Sans", "Comic Neue", "Breip", "Ecolier_court"})
    for (const Damage& damage : damages()) {
      std::map<char, std::pair<int, int>> kinds;
      int right = 0, all = 0, sure = 0;
      double seconds = 0;
      for (unsigned seed = 1; seed <= forms; ++seed) {
        const PaperFill fill = sample_fill(seed, hand);
        const Raster scan = spoilt(printed(form, fill), damage, seed);
        const auto from = std::chrono::steady_clock::now();
        const auto read = read_paper(scan, find, *reader);
        seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - from).count();
        if (!read) { all += 9; if (show) std::printf("  %s\n", read.failure().code.c_str()); continue; }
        for (const auto& field : read->fields) {
          const bool ok = same_value(fill, field);
          const std::string& key = field.key;
          auto& kind = kinds[key == "name" ? 'n' : key == "address" ? 'l' : key == "id" || key == "phone" || key == "birth" || key == "day" ? 'd' : 'c'];
          kind.first += ok, ++kind.second, right += ok, ++all, sure += !ok && field.confidence >= 0.9;
          if (show && !ok) std::printf("  %s: %s | %s (%.2f)\n", key.c_str(), fill.values.at(key).text.c_str(), field.value.text.c_str(), field.confidence);
        }
      }
      std::printf("| %s | %s | %d of %d | %d/%d | %d/%d | %d/%d | %d/%d | %d | %.2f |\n", *hand ? hand : "Be Vietnam Pro", damage.name, right, all, kinds['d'].first,
                  kinds['d'].second, kinds['n'].first, kinds['n'].second, kinds['l'].first, kinds['l'].second, kinds['c'].first, kinds['c'].second, sure, seconds / forms);
      std::fflush(stdout);
    }
}
