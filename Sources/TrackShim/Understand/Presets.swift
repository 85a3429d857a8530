/// Lines that the general reader cannot read, in the language of templates (docs/formats.md).
///
/// Each begins with text of its own, so that it costs a glance; after the source of the program that is named above it.
enum Presets {
  static let set = TemplateSet(Array(text.utf8), origin: "presets")

  private static let text = """
    # Darknet, src/detector.c and the [yolo] layer; the second line as its descendants print it.
    {step}: {loss}, {avg} avg, {rate} rate, {seconds} seconds, {images} images
    {step}: {loss}, {avg} avg loss, {rate} rate, {seconds} seconds, {images} images{*}
    Region {_} Avg IOU: {avg_iou}, Class: {class}, Obj: {obj}, No Obj: {no_obj}, .5R: {5r}, .75R: {75r}, count: {count}
    # Marian, src/training/scheduler.h.
    [{*}] Ep. {ep} : Up. {step} : Sen. {sen} : Cost {cost} * {*} : Time {time}s : {words_per_sec} words/s : gNorm {gnorm} : L.r. {l_r}
    [{*}] Ep. {ep} : Up. {step} : Sen. {sen} : Cost {cost} * {*} : Time {time}s : {words_per_sec} words/s : gNorm {gnorm}
    [{*}] Ep. {ep} : Up. {step} : Sen. {sen} : Cost {cost} * {*} : Time {time}s : {words_per_sec} words/s
    [{*}] Ep. {ep} : Up. {step} : Sen. {sen} : Cost {cost} : Time {time}s : {words_per_sec} words/s{*}
    # PyTorch image models (timm), train.py.
    Train: {epoch} [ {step}/{_} ({_}%)] Loss: {loss} ({_}) Time: {time}s, {_}/s ({_}s, {_}/s) LR: {lr} Data: {data} ({_})
    """
}
