// The camera as a way of typing: every <input data-scan> gets a button that opens it. What a code holds is put into the input, which hears `change`;
// its form is sent when the input says data-scan="submit". A page asks for this file in PageFrame::scripts, and the words come with it
// (layout/scan.html). Without a camera nothing is added: typing, and scanners that type and end with Enter, always work.
//
// The browser's own BarcodeDetector reads where it knows QR codes; otherwise @zxing/browser, which is fetched when the camera is first opened.
const words = document.getElementById('scan-words')
const readEveryMs = 120

async function ownReader() {
  if (!('BarcodeDetector' in window) || !(await BarcodeDetector.getSupportedFormats()).includes('qr_code')) return null
  const detector = new BarcodeDetector({ formats: ['qr_code'] })
  return async (video) => (await detector.detect(video))[0]?.rawValue
}

async function fetchedReader() {
  if (!window.ZXingBrowser) {
    const script = document.createElement('script')
    script.src = new URL('./zxing.js', import.meta.url)
    document.head.append(script)
    await new Promise((done, failed) => Object.assign(script, { onload: done, onerror: failed }))
  }
  const reader = new ZXingBrowser.BrowserQRCodeReader()
  const canvas = document.createElement('canvas')
  return async (video) => {
    canvas.width = video.videoWidth
    canvas.height = video.videoHeight
    canvas.getContext('2d', { willReadFrequently: true }).drawImage(video, 0, 0)
    try {
      return reader.decodeFromCanvas(canvas).getText()
    } catch {
      return null      // no code in this picture
    }
  }
}

let reader = null
/// A function that gives the text of a QR code in a <video>, or nothing.
async function qrReader() {
  reader ??= (await ownReader().catch(() => null)) ?? (await fetchedReader())
  return reader
}

const pause = (ms) => new Promise((done) => setTimeout(done, ms))

async function readUntilFound(dialog, video) {
  const read = await qrReader()
  while (dialog.open) {
    const text = video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA && video.videoWidth > 0 ? await read(video).catch(() => null) : null
    if (text) return text
    await pause(readEveryMs)
  }
  return null
}

/// Opens the camera and gives the text of the first QR code it sees; null when the person closed it or there is no camera to use.
export async function scan() {
  const dialog = words.content.firstElementChild.cloneNode(true)
  const video = dialog.querySelector('video')
  const say = (what) => dialog.querySelectorAll('[data-say]').forEach((line) => { line.hidden = line.dataset.say !== what })
  document.body.append(dialog)
  dialog.showModal()
  const closed = new Promise((done) => dialog.addEventListener('close', done))
  let stream = null
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment', width: { ideal: 1280 } }, audio: false })
    video.srcObject = stream
    await video.play()
    say('aim')
    return await Promise.race([readUntilFound(dialog, video), closed.then(() => null)])
  } catch (problem) {
    say(problem.name === 'NotAllowedError' ? 'refused' : 'failed')
    await closed
    return null
  } finally {
    stream?.getTracks().forEach((track) => track.stop())
    dialog.close()
    dialog.remove()
  }
}

function addButton(input) {
  const button = words.content.lastElementChild.cloneNode(true)
  button.addEventListener('click', async () => {
    const text = await scan()
    if (text === null) return input.focus()
    input.value = text
    input.dispatchEvent(new Event('change', { bubbles: true }))
    if (input.dataset.scan === 'submit') input.form?.requestSubmit()
    else input.focus()
  })
  input.after(button)
}

if (words && navigator.mediaDevices?.getUserMedia) document.querySelectorAll('input[data-scan]').forEach(addButton)
