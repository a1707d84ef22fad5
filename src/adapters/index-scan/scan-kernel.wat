;; Scores of rows of 4-bit codes (0 to 15) against one query, four rows at a time:
;;   out[i] = scale[i] * ((row[i] · query) * step + bias) + along[i] * part
;;
;; `stride`  numbers of a row: its dimension rounded up to a multiple of 32
;; `rows`    rows side by side; `count` of them, a multiple of four. 16 bytes hold 32 numbers: the first 16 in the low
;;           halves, the others in the high ones
;; `scales`  one f32 a row; `alongs`  another one
;; `mask`    one bit a row, lowest first. Four rows of which none is set are not read and score -Infinity;
;;           of other groups every row is scored: the caller looks at the bit again.
;; `query`   `stride` numbers of 16 bits, so small that a whole sum fits 32 bits
;; `out`     one f32 a row
;;
;; Built into scan-kernel-wasm.ts by scripts/build-scan-kernel.mjs; a test compares the two.
(module
  (import "env" "memory" (memory 1))
  (func (export "scan")
    (param $rows i32) (param $stride i32) (param $count i32) (param $scales i32)
    (param $alongs i32) (param $mask i32) (param $query i32) (param $step f32) (param $bias f32) (param $part f32)
    (param $out i32)
    (local $i i32) (local $end i32) (local $q i32) (local $bytes i32)
    (local $r0 i32) (local $r1 i32) (local $r2 i32) (local $r3 i32)
    (local $s0 v128) (local $s1 v128) (local $s2 v128) (local $s3 v128)
    (local $q0 v128) (local $q1 v128) (local $q2 v128) (local $q3 v128)
    (local $low v128) (local $v v128) (local $w v128) (local $lo v128) (local $hi v128)
    (local.set $bytes (i32.shr_u (local.get $stride) (i32.const 1)))
    (local.set $low (v128.const i8x16 15 15 15 15 15 15 15 15 15 15 15 15 15 15 15 15))
    (block $done
      (loop $group
        (br_if $done (i32.ge_u (local.get $i) (local.get $count)))
        ;; the group's four bits: the low or the high half of a byte
        (if (i32.and
              (i32.shr_u
                (i32.load8_u (i32.add (local.get $mask) (i32.shr_u (local.get $i) (i32.const 3))))
                (i32.and (local.get $i) (i32.const 4)))
              (i32.const 15))
          (then
            (local.set $r0 (i32.add (local.get $rows) (i32.mul (local.get $i) (local.get $bytes))))
            (local.set $r1 (i32.add (local.get $r0) (local.get $bytes)))
            (local.set $r2 (i32.add (local.get $r1) (local.get $bytes)))
            (local.set $r3 (i32.add (local.get $r2) (local.get $bytes)))
            (local.set $end (local.get $r1))
            (local.set $q (local.get $query))
            (local.set $s0 (v128.const i32x4 0 0 0 0))
            (local.set $s1 (v128.const i32x4 0 0 0 0))
            (local.set $s2 (v128.const i32x4 0 0 0 0))
            (local.set $s3 (v128.const i32x4 0 0 0 0))
            (loop $numbers
              (local.set $q0 (v128.load (local.get $q)))
              (local.set $q1 (v128.load offset=16 (local.get $q)))
              (local.set $q2 (v128.load offset=32 (local.get $q)))
              (local.set $q3 (v128.load offset=48 (local.get $q)))
              (local.set $v (v128.load (local.get $r0)))
              (local.set $w (v128.and (i16x8.shr_u (local.get $v) (i32.const 4)) (local.get $low)))
              (local.set $v (v128.and (local.get $v) (local.get $low)))
              (local.set $s0 (i32x4.add (local.get $s0)
                (i32x4.add
                  (i32x4.add
                    (i32x4.dot_i16x8_s (i16x8.extend_low_i8x16_u (local.get $v)) (local.get $q0))
                    (i32x4.dot_i16x8_s (i16x8.extend_high_i8x16_u (local.get $v)) (local.get $q1)))
                  (i32x4.add
                    (i32x4.dot_i16x8_s (i16x8.extend_low_i8x16_u (local.get $w)) (local.get $q2))
                    (i32x4.dot_i16x8_s (i16x8.extend_high_i8x16_u (local.get $w)) (local.get $q3))))))
              (local.set $v (v128.load (local.get $r1)))
              (local.set $w (v128.and (i16x8.shr_u (local.get $v) (i32.const 4)) (local.get $low)))
              (local.set $v (v128.and (local.get $v) (local.get $low)))
              (local.set $s1 (i32x4.add (local.get $s1)
                (i32x4.add
                  (i32x4.add
                    (i32x4.dot_i16x8_s (i16x8.extend_low_i8x16_u (local.get $v)) (local.get $q0))
                    (i32x4.dot_i16x8_s (i16x8.extend_high_i8x16_u (local.get $v)) (local.get $q1)))
                  (i32x4.add
                    (i32x4.dot_i16x8_s (i16x8.extend_low_i8x16_u (local.get $w)) (local.get $q2))
                    (i32x4.dot_i16x8_s (i16x8.extend_high_i8x16_u (local.get $w)) (local.get $q3))))))
              (local.set $v (v128.load (local.get $r2)))
              (local.set $w (v128.and (i16x8.shr_u (local.get $v) (i32.const 4)) (local.get $low)))
              (local.set $v (v128.and (local.get $v) (local.get $low)))
              (local.set $s2 (i32x4.add (local.get $s2)
                (i32x4.add
                  (i32x4.add
                    (i32x4.dot_i16x8_s (i16x8.extend_low_i8x16_u (local.get $v)) (local.get $q0))
                    (i32x4.dot_i16x8_s (i16x8.extend_high_i8x16_u (local.get $v)) (local.get $q1)))
                  (i32x4.add
                    (i32x4.dot_i16x8_s (i16x8.extend_low_i8x16_u (local.get $w)) (local.get $q2))
                    (i32x4.dot_i16x8_s (i16x8.extend_high_i8x16_u (local.get $w)) (local.get $q3))))))
              (local.set $v (v128.load (local.get $r3)))
              (local.set $w (v128.and (i16x8.shr_u (local.get $v) (i32.const 4)) (local.get $low)))
              (local.set $v (v128.and (local.get $v) (local.get $low)))
              (local.set $s3 (i32x4.add (local.get $s3)
                (i32x4.add
                  (i32x4.add
                    (i32x4.dot_i16x8_s (i16x8.extend_low_i8x16_u (local.get $v)) (local.get $q0))
                    (i32x4.dot_i16x8_s (i16x8.extend_high_i8x16_u (local.get $v)) (local.get $q1)))
                  (i32x4.add
                    (i32x4.dot_i16x8_s (i16x8.extend_low_i8x16_u (local.get $w)) (local.get $q2))
                    (i32x4.dot_i16x8_s (i16x8.extend_high_i8x16_u (local.get $w)) (local.get $q3))))))
              (local.set $q (i32.add (local.get $q) (i32.const 64)))
              (local.set $r1 (i32.add (local.get $r1) (i32.const 16)))
              (local.set $r2 (i32.add (local.get $r2) (i32.const 16)))
              (local.set $r3 (i32.add (local.get $r3) (i32.const 16)))
              (br_if $numbers (i32.lt_u
                (local.tee $r0 (i32.add (local.get $r0) (i32.const 16)))
                (local.get $end))))
            ;; four times four partial sums -> one number a row
            (local.set $lo (i32x4.add
              (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $s0) (local.get $s1))
              (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $s0) (local.get $s1))))
            (local.set $hi (i32x4.add
              (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $s2) (local.get $s3))
              (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $s2) (local.get $s3))))
            (v128.store
              (i32.add (local.get $out) (i32.shl (local.get $i) (i32.const 2)))
              (f32x4.add
                (f32x4.mul
                  (v128.load (i32.add (local.get $alongs) (i32.shl (local.get $i) (i32.const 2))))
                  (f32x4.splat (local.get $part)))
                (f32x4.mul
                  (v128.load (i32.add (local.get $scales) (i32.shl (local.get $i) (i32.const 2))))
                  (f32x4.add
                    (f32x4.splat (local.get $bias))
                    (f32x4.mul
                      (f32x4.splat (local.get $step))
                      (f32x4.convert_i32x4_s
                        (i32x4.add
                          (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23
                            (local.get $lo) (local.get $hi))
                          (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31
                            (local.get $lo) (local.get $hi))))))))))
          (else
            (v128.store
              (i32.add (local.get $out) (i32.shl (local.get $i) (i32.const 2)))
              (v128.const f32x4 -inf -inf -inf -inf))))
        (local.set $i (i32.add (local.get $i) (i32.const 4)))
        (br $group)))))
