#include "platform/documents/qr.hpp"

#include <qrencode.h>

#include <algorithm>
#include <memory>

namespace motcua::documents {
namespace {

struct CodeFree {
  void operator()(QRcode* code) const { QRcode_free(code); }
};
struct InputFree {
  void operator()(QRinput* input) const { QRinput_free(input); }
};

constexpr std::string_view alphanumeric = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";   // ISO/IEC 18004 table 5

QRecLevel level_of(Correction correction) {
  switch (correction) {
    case Correction::low: return QR_ECLEVEL_L;
    case Correction::medium: return QR_ECLEVEL_M;
    case Correction::quartile: return QR_ECLEVEL_Q;
    case Correction::high: return QR_ECLEVEL_H;
  }
  return QR_ECLEVEL_M;
}

std::size_t bytes_max(Correction correction, bool is_alphanumeric) {   // version 40, ISO/IEC 18004 table 7
  constexpr std::size_t letters[] = {4296, 3391, 2420, 1852};
  constexpr std::size_t bytes[] = {2953, 2331, 1663, 1273};
  return (is_alphanumeric ? letters : bytes)[static_cast<int>(correction)];
}

std::string escape(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '<') out += "&lt;";
    else if (c == '&') out += "&amp;";
    else if (c == '"') out += "&quot;";
    else out += c;
  }
  return out;
}

/// One path of horizontal runs: a third of the size of one square a module.
std::string path_of(const Qr& code) {
  std::string path;
  for (int y = 0; y < code.size; ++y)
    for (int x = 0; x < code.size;) {
      int run = 0;
      while (x + run < code.size && code.dark(x + run, y)) ++run;
      if (run > 0)
        path += "M" + std::to_string(x + qr_quiet_zone_modules) + " " + std::to_string(y + qr_quiet_zone_modules) + "h" + std::to_string(run) +
                "v1h-" + std::to_string(run) + "z";
      x += run > 0 ? run : 1;
    }
  return path;
}

}  // namespace

Result<Qr> encode_qr(std::string_view bytes, Correction correction) {
  if (bytes.empty()) return invalid("documents.qr_empty");
  const bool is_alphanumeric = bytes.find_first_not_of(alphanumeric) == std::string_view::npos;
  const std::size_t limit = bytes_max(correction, is_alphanumeric);
  const Failure too_long{FailureKind::too_large, "documents.qr_too_long", {}, {}, {{"limit", std::to_string(limit)}}};
  if (bytes.size() > limit) return too_long;
  const std::unique_ptr<QRinput, InputFree> input(QRinput_new2(0, level_of(correction)));
  if (!input || QRinput_append(input.get(), is_alphanumeric ? QR_MODE_AN : QR_MODE_8, static_cast<int>(bytes.size()),
                               reinterpret_cast<const unsigned char*>(bytes.data())) != 0)
    return too_long;
  const std::unique_ptr<QRcode, CodeFree> code(QRcode_encodeInput(input.get()));
  if (!code) return too_long;
  Qr qr;
  qr.size = code->width;
  qr.modules.resize(static_cast<std::size_t>(qr.size) * static_cast<std::size_t>(qr.size));
  std::transform(code->data, code->data + qr.modules.size(), qr.modules.begin(), [](unsigned char module) { return module & 1; });
  return qr;
}

std::string qr_svg(const Qr& code, std::string_view label) {
  const std::string size = std::to_string(code.size + 2 * qr_quiet_zone_modules);
  return "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-label=\"" + escape(label) + "\" viewBox=\"0 0 " + size + " " + size +
         "\" width=\"240\" height=\"240\" shape-rendering=\"crispEdges\"><rect width=\"" + size + "\" height=\"" + size +
         "\" fill=\"#fff\"/><path fill=\"#000\" d=\"" + path_of(code) + "\"/></svg>";
}

}  // namespace motcua::documents
