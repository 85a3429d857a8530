/// The words of the trade, by which a line that reports is told from one that tells a story.
package enum Words {
  /// What counts, and how well: where a line shows several counters the strongest is its step.
  package enum Counter: Int, Comparable {
    case epoch, batch, step
    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
  }

  package static func counter(_ word: [UInt8]) -> Counter? { counters.value(of: word) }
  static func counter(_ word: UnsafeRawBufferPointer) -> Counter? { counters.value(of: word) }
  package static func isResult(_ word: [UInt8]) -> Bool { kinds(of: word).contains(.result) }
  package static func isSplit(_ word: [UInt8]) -> Bool { kinds(of: word).contains(.split) }
  /// It stands in sentences, not in labels.
  package static func isProse(_ word: [UInt8]) -> Bool { kinds(of: word).contains(.prose) }
  /// It makes a story of the line, whatever else stands there.
  package static func isDeed(_ word: [UInt8]) -> Bool { kinds(of: word).contains(.deed) }
  /// How long something took is told by other means.
  package static func isDuration(_ word: [UInt8]) -> Bool { kinds(of: word).contains(.duration) }
  /// What is told of the future.
  static func isForecast(_ word: [UInt8]) -> Bool { kinds(of: word).contains(.forecast) }
  static func kinds(of word: [UInt8]) -> WordKinds { word.withUnsafeBytes { kinds(of: $0) } }

  static func kinds(of word: UnsafeRawBufferPointer) -> WordKinds {
    var kinds = known.value(of: word) ?? []
    if !kinds.contains(.result), endsInResult(word) { kinds.insert(.result) }
    return kinds
  }

  private static let known: ShortWords<WordKinds> = {
    let lists: [(WordKinds, Set<[UInt8]>)] = [
      (.result, results), (.split, splits), (.setting, settings), (.prose, prose), (.deed, deeds),
      (.duration, durations), (.forecast, forecasts), (.best, bests), (.everyday, everyday), (.size, sizes),
      (.reference, references), (.ofFiles, fileDeeds),
    ]
    var found: [[UInt8]: WordKinds] = [:]
    for (kind, words) in lists {
      for word in words { found[word, default: []].insert(kind) }
    }
    return ShortWords(found)
  }()

  /// `train_loss`, `avgloss`
  // bounded: the word has so many bytes
  static func endsInResult(_ word: UnsafeRawBufferPointer) -> Bool {
    let count = word.count
    guard count > 3, mayEndInResult(word, count) else { return false }
    return resultEnds.contains { end in
      count > end.count && zip(word.suffix(end.count), end).allSatisfy { $0.lowercasedASCII == $1 }
    }
  }

  /// Of each word that may make a report of a line the letters that stand together, or the first of them that are not a
  /// word themselves: `loss`, `grad` of `grad_mean`. Those that are no ASCII are not among them.
  static let telling = ShortWords(tellingWords)
  static let tellingSieve = WordSieve(tellingWords.keys)
  enum Telling {
    case always
    /// With a number right before or behind it: it is a word of sentences as well, or the beginning of `r2`.
    case besideNumber
    /// As `of` in `3 of 10`.
    case betweenNumbers
  }
  private static let tellingWords: [[UInt8]: Telling] = {
    let words = results.union(splits).union(counterWords.keys).union(set("per lr learning"))
    let ofSentences = set("it up r f")
    var found = [of: Telling.betweenNumbers]
    for word in words where word.allSatisfy({ $0 < 0x80 }) {
      let parts = word.split { !$0.isLetter }.map(Array.init)
      if let part = parts.first(where: words.contains) ?? parts.first {
        found[part] = ofSentences.contains(part) ? .besideNumber : .always
      }
    }
    return found
  }()

  package static let of = Array("of".utf8)
  static let after = Array("after".utf8)
  static let top = Array("top".utf8)
  static func isSecond(_ word: [UInt8]) -> Bool { seconds.contains(word) }
  static func isSecond(_ word: UnsafeRawBufferPointer) -> Bool { shortSeconds.contains(word) }
  static let gpuMemory = Array("gpu_mem".utf8)
  private static let sizes = set("mem memory ram vram size cache cpumem gpumem max_mem rss")
  private static let references = set("table figure fig section chapter page line version appendix equation eq")
  /// What is told before the numbers is of a file: `Loaded checkpoint 'x.pt' (epoch 3, loss 0.5)`.
  static func isOfFiles(_ word: UnsafeRawBufferPointer) -> Bool { known.value(of: word)?.contains(.ofFiles) == true }
  private static let fileDeeds = set(
    "loaded loading load saved saving save resuming resumed restored restoring restarting wrote writing reading")
  private static let everyday = set(
    "error err score cost norm precision recall energy entropy return returns gap map objective obj learn mse likelihood"
  )
  private static let bests = set("best lowest highest previous last minimum maximum new early")
  static func isPreposition(_ word: UnsafeRawBufferPointer) -> Bool { shortPrepositions.contains(word) }
  static func isVerbOfValue(_ word: UnsafeRawBufferPointer) -> Bool { shortVerbs.contains(word) }
  /// `ValueError`, `RuntimeException`
  static func isException(_ word: UnsafeRawBufferPointer) -> Bool {
    for end in ["Error", "Exception", "Warning"] where word.count > end.utf8.count {
      if word.suffix(end.utf8.count).elementsEqual(end.utf8) { return true }
    }
    return false
  }
  static func isArticle(_ word: UnsafeRawBufferPointer) -> Bool { shortArticles.contains(word) }
  private static let shortPrepositions = short(set("after at in for of"))
  private static let shortVerbs = short(set("is equals"))
  private static let shortArticles = short(set("the a an"))
  /// A counter where something beside it speaks for it.
  static func weakCounter(_ word: UnsafeRawBufferPointer) -> Counter? { weakCounters.value(of: word) }
  private static let weakCounters: ShortWords<Counter> = {
    var found: [[UInt8]: Counter] = [:]
    for word in set("iters iterations steps i t it. episodes games updates") { found[word] = .step }
    for word in set("batches") { found[word] = .batch }
    for word in set("epochs e") { found[word] = .epoch }
    return ShortWords(found)
  }()
  private static let durations = set("took takes take over")
  // Behind a number: `200/2983 batches`.
  /// `lr`, `learning rate`, `learning_rate`
  static func isLearningRate(_ word: UnsafeRawBufferPointer, behind before: UnsafeRawBufferPointer?) -> Bool {
    if learningRates.contains(word) { return true }
    return word.elementsEqual("rate".utf8) && before?.elementsEqual("learning".utf8) == true
  }
  private static let learningRates = short(set("lr learning_rate learning-rate"))
  /// What follows its colon is no number, whatever stands there.
  static func isOfText(_ word: UnsafeRawBufferPointer) -> Bool { ofText.contains(word) }
  private static let ofText = short(set("string text phrase sentence genes dna chromosome individual genome"))
  static let and = Array("and".utf8)
  static func isPartOfDuration(_ word: UnsafeRawBufferPointer) -> Bool { partsOfDuration.contains(word) }
  private static let partsOfDuration = short(
    set("d day days h hr hrs hour hours m min mins minute minutes s sec secs second seconds"))
  static func isMonth(_ word: UnsafeRawBufferPointer) -> Bool { months.contains(word) }
  private static let months = short(
    set(
      "jan feb mar apr may jun jul aug sep oct nov dec january february march april june july august september october "
        + "november december"))
  private static let counted = set("batches steps iterations iters its it updates epochs batch step iteration")
  static let at = Array("at".utf8)
  /// It may stand behind a counter's name: `Epoch no. 3`, `batch_id: 3`, `Epoch is: 3`.
  static func isBehindCounter(_ word: UnsafeRawBufferPointer) -> Bool { behindCounters.contains(word) }
  private static let behindCounters = short(set("no no. nr nr. num num. number idx index # id is"))
  static func isLevel(_ word: UnsafeRawBufferPointer) -> Bool { shortLevels.contains(word) }
  /// May stand before a counter without changing what it counts.
  static func isBesideCounter(_ word: UnsafeRawBufferPointer) -> Bool { besideCounters.contains(word) }

  /// The metric that a number with this unit is, where nothing else names it; nil: no unit that is known.
  package static func metric(ofUnit unit: [UInt8]) -> [UInt8]? {
    if let known = units[unit] { return known }
    guard let slash = unit.lastIndex(of: 0x2F), slash > 0, slash < unit.count else { return nil }
    let per = unit.suffix(from: slash).dropFirst()
    guard seconds.contains(Array(per)), unit.prefix(slash).allSatisfy({ $0.isLetter || $0 == 0x5F }) else { return nil }
    return Array(unit.prefix(slash)) + perSecond
  }

  private static let perSecond = Array("_per_sec".utf8)

  // Of words as they stand in the line: every line asks for these.

  /// Says what a labelled number is measured in, and nothing more.
  package static func isUnit(_ word: UnsafeRawBufferPointer) -> Bool {
    if shortUnits.contains(word) { return true }
    return word.contains(0x2F) && metric(ofUnit: word.map(\.lowercasedASCII)) != nil
  }

  static func isMetricsUnit(_ word: UnsafeRawBufferPointer) -> Bool {
    if shortMetricUnits.contains(word) { return true }
    return word.contains(0x2F) && metric(ofUnit: word.map(\.lowercasedASCII)) != nil
  }

  /// `epoch-3`, `step_3`, `ep3`, `#3`: where the digits begin.
  static func digitsOfCounter(_ word: UnsafeRawBufferPointer) -> Int? {
    guard let last = word.last, last.isDigit else { return nil }
    var start = word.count
    while start > 0, word[start &- 1].isDigit { start &-= 1 }
    guard start > 0 else { return nil }
    var end = start
    if word[end &- 1] == 0x2D || word[end &- 1] == 0x5F || word[end &- 1] == 0x23 { end &-= 1 }
    return isCounter(word.part(0, end)) ? start : nil
  }

  static func isCounter(_ word: UnsafeRawBufferPointer) -> Bool { counters.value(of: word) != nil }
  static func isCounted(_ word: UnsafeRawBufferPointer) -> Bool { shortCounted.contains(word) }

  private static func short(_ words: some Sequence<[UInt8]>) -> ShortWords<Void> {
    ShortWords(Dictionary(words.map { ($0, ()) }, uniquingKeysWith: { first, _ in first }))
  }
  private static let shortUnits = short(Array(plainUnits) + Array(units.keys))
  private static let shortMetricUnits = short(units.keys)
  private static let shortCounted = short(counted)
  private static let shortLevels = short(levels)

  private static func set(_ words: String) -> Set<[UInt8]> { Set(words.split(separator: " ").map { Array($0.utf8) }) }

  private static let counters = ShortWords(counterWords)

  private static let counterWords: [[UInt8]: Counter] = {
    var found: [[UInt8]: Counter] = [:]
    for word in set(
      "step global_step global-step globalstep train_step train-step training_step iter iteration it itr iter_num sub_iter update "
        + "num_updates up round timestep timesteps total_timesteps total_steps episode generation gen "
        + "superbatch cycle tick game trial iterat niter nit n_iter n_gen ngen")
    { found[word] = .step }
    for word in set("batch minibatch batch_idx") { found[word] = .batch }
    for word in set("epoch ep") { found[word] = .epoch }
    // As people write them who train in their own language.
    for word in set(
      "schritt iteración iteracion itération iterazione iteração iteracao iteració iteracio paso passo étape Étape "
        + "etape generación generacion génération generazione geração шаг Шаг итерация Итерация")
    { found[word] = .step }
    for word in set("lote батч") { found[word] = .batch }
    for word in set("epoche époque Époque epoque época Época epoca épocas epocas epo epok epoka эпоха Эпоха") {
      found[word] = .epoch
    }
    return found
  }()

  private static let results = set(
    "loss losses acc accuracy error err ppl perplexity auc aucpr auroc ap map map50 f1 precision recall bleu rouge mae "
      + "mse rmse mape r2 iou miou dice reward rewards return returns score norm gnorm grad_norm gradnorm elbo kl kld "
      + "nll ce bce bpb bpc wer cer psnr ssim fid cost likelihood loglik objective entropy energy mfu top1 top5 "
      + "hits@1 hits@3 hits@5 hits@10 hits_at_10 hit_rate mrr ndcg rms sps hellaswag llf residual divergence logprob "
      + "log_likelihood rew_mean ep_rew_mean ep_len_mean regret fitness "
      + "gap obj rho chi2 ll nelbo fehler verlust genauigkeit kosten perte erreur précision coût pérdida perdida "
      + "exactitud precisión coste perda acurácia acuracia custo accuratezza perdita")
  static let resultEnds = [
    "loss", "acc", "accuracy", "error", "rmse", "ppl", "norm", "auc", "cost", "reward", "entropy", "perplexity",
  ]
  .map { Array($0.utf8) }

  /// What stands before `end`, four letters at least, ends as one of `resultEnds` does.
  // bounded: four bytes are there
  @inline(__always) static func mayEndInResult(_ line: UnsafeRawBufferPointer, _ end: Int) -> Bool {
    let four = UInt32(bigEndian: line.loadUnaligned(fromByteOffset: end &- 4, as: UInt32.self)) | 0x2020_2020
    switch four {
    // …loss, …racy, …rror, …rmse, …norm, …cost, …ward, …ropy, …xity
    case 0x6C6F_7373, 0x7261_6379, 0x7272_6F72, 0x726D_7365, 0x6E6F_726D, 0x636F_7374, 0x7761_7264, 0x726F_7079,
      0x7869_7479:
      return true
    default: break
    }
    switch four & 0xFF_FFFF {
    // …acc, …ppl, …auc
    case 0x61_6363, 0x70_706C, 0x61_7563: return true
    default: return false
    }
  }
  private static let splits = set(
    "train training val valid validation validating test testing eval evaluation evaluating dev heldout holdout learn "
      + "trn tst cv")
  private static let settings = set(
    "max min maximum minimum target weight weights scale smoothing decay coef coefficient clip clipping warmup "
      + "threshold eps epsilon momentum beta alpha gamma dropout schedule scheduler type name fn function num n size "
      + "interval every freq frequency limit patience tolerance tol ratio seed initial final_lr base")
  private static let prose = set(
    "to in from the at for with is was are be been by on into and or that this than then after before when while "
      + "as an a we you it its has have had will would can not no until since during via between")
  private static let deeds = set(
    "saving saved save saves loading loaded load using wrote writing written reading read reached "
      + "finished finish done starting started start running skipping skipped improved reducing reduced increasing "
      + "increased setting checkpoint checkpointing downloading downloaded building built compiling found killed "
      + "restarting resuming resumed stopping stopped waiting warning completed complete creating created exported "
      + "allocated stalled sending received connected listening tests passed failed")
  private static let forecasts = set("eta remaining left progress")
  private static let levels = set(
    "info debug warn warning error err trace notice fatal critical i d w e infos success root main")
  private static let besideCounters = short(
    set(
      "train training val valid validation test eval evaluation current global total inner outer the at end of after cv "
        + "metrics results result stats statistics "
        + "completed finished done processed"))
  private static let plainUnits = set(
    "ms s sec secs second seconds us ns min mins minutes minute h hour hours hr % percent b kb mb gb tb kib mib gib "
      + "bytes nats bits db x flops tflops gflops g")
  private static let units: [[UInt8]: [UInt8]] = {
    var found: [[UInt8]: [UInt8]] = [:]
    for word in set("ms msec milliseconds ms/step ms/it ms/iter ms/batch") { found[word] = Array("step_time_ms".utf8) }
    for word in set("s/it s/step s/iter s/batch sec/step sec/it sec/iter") { found[word] = Array("step_time_s".utf8) }
    return found
  }()
  package static func isTime(_ unit: [UInt8]) -> Bool { times.contains(unit) }
  private static let times = set("ms s sec secs second seconds us ns min mins minutes minute m h hour hours hr")
  private static let seconds = set("s sec second")
  private static let shortSeconds = short(seconds)
}
