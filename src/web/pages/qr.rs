//! A receipt as a picture, for whoever keeps it in another phone.

use base64::{Engine, engine::general_purpose::STANDARD};
use qrcode::{Color, EcLevel, QrCode};

/// Dark modules need this many light ones around (ISO/IEC 18004, 5.3.8).
const QUIET: usize = 4;

/// The digits as a PNG that is part of its page; none if they do not fit, which 24 digits do.
pub fn data_url(digits: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(digits, EcLevel::M).ok()?;
    let width = code.width();
    let side = width + 2 * QUIET;
    let colors = code.to_colors();
    let mut rows = Vec::new();
    for y in 0..side {
        let dark = |x: usize| {
            let (x, y) = (x.checked_sub(QUIET)?, y.checked_sub(QUIET)?);
            (x < width && y < width).then(|| colors.get(y * width + x))?
        };
        let mut row = vec![0xFF_u8; side.div_ceil(8)];
        for x in (0..side).filter(|x| dark(*x) == Some(&Color::Dark)) {
            if let Some(byte) = row.get_mut(x / 8) {
                *byte &= !(0x80 >> (x % 8));
            }
        }
        rows.extend(row);
    }
    Some(format!("data:image/png;base64,{}", STANDARD.encode(png(side, &rows)?)))
}

/// One bit a pixel: a picture of some hundred bytes.
fn png(side: usize, rows: &[u8]) -> Option<Vec<u8>> {
    let side = u32::try_from(side).ok()?;
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, side, side);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    let mut writer = encoder.write_header().ok()?;
    writer.write_image_data(rows).ok()?;
    writer.finish().ok()?;
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receipt_becomes_a_small_png() {
        let url = data_url("407188362259104733906124").unwrap();
        let png = STANDARD.decode(url.strip_prefix("data:image/png;base64,").unwrap()).unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(&png)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        assert_eq!((info.width, info.height), (29, 29));
        // The corner of the first finder pattern is dark, the quiet zone is not.
        let line = info.line_size;
        assert_eq!(pixels[0], 0xFF);
        assert_eq!(pixels[4 * line] & 0x0F, 0);
        assert!(url.len() < 1000, "{}", url.len());
    }
}
