#pragma once
// The files a town is written to, and how numbers and times are spelled in them.
#include <cstdint>
#include <cstdio>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace motcua::app::town {

/// A CSV file written row by row through a buffer. Errors are kept and told by close().
class CsvFile {
 public:
  CsvFile(const std::string& path, std::string_view header);
  ~CsvFile();
  CsvFile(const CsvFile&) = delete;
  CsvFile& operator=(const CsvFile&) = delete;

  void row(std::initializer_list<std::string_view> fields);
  Result<void> close();
  std::int64_t rows() const { return rows_; }

 private:
  void write_out();

  std::FILE* file_;
  std::string pending_;
  std::int64_t rows_ = 0;
  bool failed_ = false;
};

/// At least `width` digits.
std::string padded(std::int64_t n, int width);
/// Minutes since the Unix epoch as Vietnam time: "2021-11-08T07:30:00+07:00".
std::string iso_minute(std::int64_t minute);
/// "08/11/2021 07:30"
std::string local_minute(std::int64_t minute);

}  // namespace motcua::app::town
