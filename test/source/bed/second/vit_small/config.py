cfg = dict(patch=8, dim=64, depth=4, heads=4, bs=64, lr=5e-4, wd=0.05, warmup=500, epochs=30)
