extension Presets {
  /// Pictures: detection, recognition, generation.
  static let vision = """
    # Darknet, src/detector.c and the [yolo] layer; the second line as its descendants print it.
    {step}: {loss}, {avg} avg, {rate} rate, {seconds} seconds, {images} images
    {step}: {loss}, {avg_loss} avg loss, {rate} rate, {seconds} seconds, {images} images{*}
    v3 ({*} Region {_} Avg (IOU: {avg_iou}), count: {count}, class_loss = {class_loss}, iou_loss = {iou_loss}, total_loss = {total_loss}
    total_bbox = {total_bbox}, rewritten_bbox = {rewritten_bbox} %
    Region {_} Avg IOU: {avg_iou}, Class: {class}, Obj: {obj}, No Obj: {no_obj}, .5R: {5r}, .75R: {75r}, count: {count}
    # PyTorch image models (timm), train.py.
    Train: {epoch} [ {step}/{_} ({_}%)] Loss: {loss} ({_}) Time: {time}s, {_}/s ({_}s, {_}/s) LR: {lr} Data: {data} ({_})
    # Ultralytics YOLO, engine/trainer.py and the validators; a bar counts in its last state.
    heading :: Epoch GPU_mem box_loss cls_loss dfl_loss Instances Size
    below :: {step}/{_} {_} {box_loss} {cls_loss} {dfl_loss} {_} {_}: {_}%{*}
    heading :: Epoch GPU_mem box_loss seg_loss cls_loss dfl_loss Instances Size
    below :: {step}/{_} {_} {box_loss} {seg_loss} {cls_loss} {dfl_loss} {_} {_}: {_}%{*}
    heading :: Epoch GPU_mem box_loss pose_loss kobj_loss cls_loss dfl_loss Instances Size
    below :: {step}/{_} {_} {box_loss} {pose_loss} {kobj_loss} {cls_loss} {dfl_loss} {_} {_}: {_}%{*}
    heading :: Epoch GPU_mem giou_loss cls_loss l1_loss Instances Size
    below :: {step}/{_} {_} {giou_loss} {cls_loss} {l1_loss} {_} {_}: {_}%{*}
    # YOLOv5 and v7, val.py and test.py.
    heading :: Class Images Labels P R mAP@.5 mAP@.5:.95: {*}
    below :: all {_} {_} {p} {r} {map_5} {map_5_95}
    heading :: Class Images Targets P R mAP@.5 mAP@.5:.95: {*}
    below :: all {_} {_} {p} {r} {map_5} {map_5_95}
    heading :: Class Images Instances P R mAP50 mAP50-95: {*}
    below :: all {_} {_} {p} {r} {map50} {map50_95}
    heading :: Class Images Instances Box(P R mAP50 mAP50-95): {*}
    below :: all {_} {_} {box_p} {r} {map50} {map50_95}
    heading :: Class Images Instances Box(P R mAP50 mAP50-95) Mask(P R mAP50 mAP50-95): {*}
    below :: all {_} {_} {box_p} {r} {map50} {map50_95} {mask_p} {mask_r} {mask_map50} {mask_map50_95}
    heading :: Class Images Instances Box(P R mAP50 mAP50-95) Pose(P R mAP50 mAP50-95): {*}
    below :: all {_} {_} {box_p} {r} {map50} {map50_95} {pose_p} {pose_r} {pose_map50} {pose_map50_95}
    # Tesseract, src/training/unicharset/lstmtrainer.cpp of 5 (errors as BCER and BWER) and 4.
    At iteration {step}/{_}/{_}, Mean rms={mean_rms}%, delta={delta}%, BCER train={bcer_train}%, BWER train={bwer_train}%, skip ratio={skip_ratio}%,{*}
    At iteration {step}/{_}/{_}, mean rms={mean_rms}%, delta={delta}%, BCER train={bcer_train}%, BWER train={bwer_train}%, skip ratio={skip_ratio}%,{*}
    At iteration {step}/{_}/{_}, Mean rms={mean_rms}%, delta={delta}%, char train={char_train}%, word train={word_train}%, skip ratio={skip_ratio}%,{*}
    # StyleGAN2-ADA and 3, training/training_loop.py.
    tick {step} kimg {kimg} time {*} sec/tick {sec_tick} sec/kimg {sec_kimg} maintenance {maintenance} cpumem {cpumem} gpumem {gpumem} reserved {reserved} augment {augment}
    tick {step} kimg {kimg} time {*} sec/tick {sec_tick} sec/kimg {sec_kimg} maintenance {maintenance} cpumem {cpumem} gpumem {gpumem} augment {augment}
    tick {step} kimg {kimg} time {*} sec/tick {sec_tick} sec/kimg {sec_kimg} maintenance {maintenance} cpumem {cpumem} gpumem {gpumem}{*}

    """
}
