#pragma once
// The rows that could not be taken, with the reason in front, so that somebody can mend them and bring the file in again. It holds
// personal data: its folder is open to the owner only, and so is it.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace motcua::intake {

class RejectedFile {
 public:
  /// DATA_DIR/rejected/<import id>.csv, made when the first row is rejected.
  RejectedFile(std::string data_dir, std::string import_id, std::vector<std::string> header);
  ~RejectedFile();
  RejectedFile(const RejectedFile&) = delete;
  RejectedFile& operator=(const RejectedFile&) = delete;

  Result<void> add(std::int64_t row, std::string_view field, std::string_view reason, const std::vector<std::string_view>& values);
  /// Writes what is left and waits for the disk. Failures: intake.rejected_not_written (unavailable).
  Result<void> finish();
  /// Empty when no row was rejected.
  const std::string& path() const { return path_; }

 private:
  Result<void> open();
  Result<void> write_out();

  std::string data_dir_, import_id_, path_, pending_;
  std::vector<std::string> header_;
  int file_ = -1;
};

}  // namespace motcua::intake
