/*
 * ONNX Runtime brings telemetry of its own: on Linux and macOS it writes a device's id and events
 * that name models below the home folder, and sends them. It asks for this variable once, when its
 * library is loaded, so this file must be imported ahead of it.
 */
process.env['ORT_DISABLE_TELEMETRY'] = '1';
