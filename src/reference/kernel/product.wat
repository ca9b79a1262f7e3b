;; The inner loops of a matrix product, for wasmKernel.ts, which cuts the matrices into blocks.
;;
;; Eight rows of `a` meet four rows of `b` at a time. Their 32 sums of products stay in registers,
;; a vector for four rows of `a`, while `k` goes by. Lanes of a vector belong to different sums, and
;; multiplications and additions are rounded one by one, so that each sum is made in the order of k
;; as plainKernel.ts makes it: `f32x4.relaxed_madd` would be faster, and different on each machine.
(module
  (memory (export "memory") 0)

  (func (export "product")
    ;; Addresses. `a` and `c` hold eight rows of theirs side by side, so that they are read and
    ;; written as vectors; every element of `b` is spread to a vector when it is read.
    (param $a i32) ;; [panels][k][8]
    (param $b i32) ;; [groups × 4][k], with `stride` bytes from a row to the next
    (param $c i32) ;; [panels][groups × 4][8]
    ;; Sizes, each at least 1.
    (param $panels i32) (param $groups i32) (param $k i32) (param $stride i32)

    (local $panelBytes i32) (local $panelEnd i32)
    (local $group i32) (local $groupStart i32)
    (local $x i32) (local $y0 i32) (local $y1 i32) (local $y2 i32) (local $y3 i32)
    (local $upper v128) (local $lower v128) (local $y v128)
    ;; By row of `b`, for the upper and the lower four rows of `a`.
    (local $upper0 v128) (local $upper1 v128) (local $upper2 v128) (local $upper3 v128)
    (local $lower0 v128) (local $lower1 v128) (local $lower2 v128) (local $lower3 v128)

    (local.set $panelBytes (i32.mul (local.get $k) (i32.const 32)))
    (loop $nextPanel
      (local.set $panelEnd (i32.add (local.get $a) (local.get $panelBytes)))
      (local.set $groupStart (local.get $b))
      (local.set $group (local.get $groups))

      (loop $nextGroup
        (local.set $x (local.get $a))
        (local.set $y0 (local.get $groupStart))
        (local.set $y1 (i32.add (local.get $y0) (local.get $stride)))
        (local.set $y2 (i32.add (local.get $y1) (local.get $stride)))
        (local.set $y3 (i32.add (local.get $y2) (local.get $stride)))
        (local.set $groupStart (i32.add (local.get $y3) (local.get $stride)))
        (local.set $upper0 (v128.const f32x4 0 0 0 0))
        (local.set $lower0 (v128.const f32x4 0 0 0 0))
        (local.set $upper1 (v128.const f32x4 0 0 0 0))
        (local.set $lower1 (v128.const f32x4 0 0 0 0))
        (local.set $upper2 (v128.const f32x4 0 0 0 0))
        (local.set $lower2 (v128.const f32x4 0 0 0 0))
        (local.set $upper3 (v128.const f32x4 0 0 0 0))
        (local.set $lower3 (v128.const f32x4 0 0 0 0))

        (loop $nextStep
          (local.set $upper (v128.load (local.get $x)))
          (local.set $lower (v128.load offset=16 (local.get $x)))

          (local.set $y (v128.load32_splat (local.get $y0)))
          (local.set $upper0 (f32x4.add (local.get $upper0) (f32x4.mul (local.get $upper) (local.get $y))))
          (local.set $lower0 (f32x4.add (local.get $lower0) (f32x4.mul (local.get $lower) (local.get $y))))

          (local.set $y (v128.load32_splat (local.get $y1)))
          (local.set $upper1 (f32x4.add (local.get $upper1) (f32x4.mul (local.get $upper) (local.get $y))))
          (local.set $lower1 (f32x4.add (local.get $lower1) (f32x4.mul (local.get $lower) (local.get $y))))

          (local.set $y (v128.load32_splat (local.get $y2)))
          (local.set $upper2 (f32x4.add (local.get $upper2) (f32x4.mul (local.get $upper) (local.get $y))))
          (local.set $lower2 (f32x4.add (local.get $lower2) (f32x4.mul (local.get $lower) (local.get $y))))

          (local.set $y (v128.load32_splat (local.get $y3)))
          (local.set $upper3 (f32x4.add (local.get $upper3) (f32x4.mul (local.get $upper) (local.get $y))))
          (local.set $lower3 (f32x4.add (local.get $lower3) (f32x4.mul (local.get $lower) (local.get $y))))

          (local.set $y0 (i32.add (local.get $y0) (i32.const 4)))
          (local.set $y1 (i32.add (local.get $y1) (i32.const 4)))
          (local.set $y2 (i32.add (local.get $y2) (i32.const 4)))
          (local.set $y3 (i32.add (local.get $y3) (i32.const 4)))
          (local.set $x (i32.add (local.get $x) (i32.const 32)))
          (br_if $nextStep (i32.lt_u (local.get $x) (local.get $panelEnd))))

        (v128.store (local.get $c) (local.get $upper0))
        (v128.store offset=16 (local.get $c) (local.get $lower0))
        (v128.store offset=32 (local.get $c) (local.get $upper1))
        (v128.store offset=48 (local.get $c) (local.get $lower1))
        (v128.store offset=64 (local.get $c) (local.get $upper2))
        (v128.store offset=80 (local.get $c) (local.get $lower2))
        (v128.store offset=96 (local.get $c) (local.get $upper3))
        (v128.store offset=112 (local.get $c) (local.get $lower3))
        (local.set $c (i32.add (local.get $c) (i32.const 128)))
        (br_if $nextGroup (local.tee $group (i32.sub (local.get $group) (i32.const 1)))))

      (local.set $a (local.get $panelEnd))
      (br_if $nextPanel (local.tee $panels (i32.sub (local.get $panels) (i32.const 1)))))))
