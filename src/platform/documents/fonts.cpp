#include "platform/documents/fonts.hpp"

#include <fontconfig/fontconfig.h>
#include <pango/pangocairo.h>
#include <pango/pangofc-fontmap.h>
#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_TRUETYPE_TABLES_H
#include <sys/mman.h>
#include <unistd.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include "platform/assets/assets.hpp"

namespace motcua::documents {
namespace {

/// The TrueType file within a woff2: FreeType unpacks it, pango takes no packed ones.
std::string unpacked(std::string_view woff2) {
  FT_Library library = nullptr;
  FT_Face face = nullptr;
  FT_ULong size = 0;
  std::string file;
  if (FT_Init_FreeType(&library) == 0 &&
      FT_New_Memory_Face(library, reinterpret_cast<const FT_Byte*>(woff2.data()), static_cast<FT_Long>(woff2.size()), 0, &face) == 0 &&
      FT_Load_Sfnt_Table(face, 0, 0, nullptr, &size) == 0) {
    file.resize(size);
    if (FT_Load_Sfnt_Table(face, 0, 0, reinterpret_cast<FT_Byte*>(file.data()), &size) != 0) file.clear();
  }
  FT_Done_Face(face);
  FT_Done_FreeType(library);
  if (file.empty()) throw std::logic_error("documents: an embedded font cannot be unpacked");
  return file;
}

/// fontconfig and FreeType read files: the bytes get a name that lives as long as the process.
std::string memory_file(std::string_view name, std::string_view bytes) {
  const int file = memfd_create(std::string(name).c_str(), MFD_CLOEXEC);
  if (file < 0 || write(file, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()))
    throw std::runtime_error("documents: no memory file for a font");
  return "/proc/self/fd/" + std::to_string(file);
}

FcConfig* with_house_fonts() {
  FcConfig* config = FcInitLoadConfigAndFonts();
  for (const auto& asset : assets::list("web/dist/be-vietnam-pro-"))
    if (!FcConfigAppFontAddFile(config, reinterpret_cast<const FcChar8*>(memory_file(asset.name.substr(9), unpacked(asset.content)).c_str())))
      throw std::logic_error("documents: an embedded font cannot be read");
  return config;
}

struct Unref {
  void operator()(PangoFontMap* map) const { g_object_unref(map); }
};

PangoFontMap* make_font_map() {
  static FcConfig* const config = with_house_fonts();
  PangoFontMap* map = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
  pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(map), config);
  pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(map), 72);   // a unit of the page is a point
  return map;
}

}  // namespace

PangoFontMap* font_map() {
  thread_local const std::unique_ptr<PangoFontMap, Unref> map(make_font_map());
  return map.get();
}

}  // namespace motcua::documents
