"""Modules of torch.nn in PyTorch, as a script has them.

    python3 modules.py > modules.json

The form of a case is told in module_cases.py. Made with PyTorch 1.13; nothing here differs in PyTorch 2.
"""

from module_cases import write

VOLUMES = "v = x.reshape(-1, 1, 2, 3, 3)"
PLANES = "p = x.reshape(-1, 1, 6, 3)"
HEAD = "self.fc = nn.LazyLinear(2)"
CASES = {
    "volumes": (
        ["self.conv = nn.Conv3d(1, 2, (1, 2, 2), padding=(1, 1, 0))", "self.norm = nn.BatchNorm3d(2)", "self.pool = nn.MaxPool3d(2)", HEAD],
        [VOLUMES, "return self.fc(self.pool(torch.tanh(self.norm(self.conv(v)))).flatten(1))"]),
    "volumes back and averaged": (
        ["self.up = nn.ConvTranspose3d(1, 2, 2, stride=(2, 1, 1), bias=False)", "self.avg = nn.AvgPool3d(2, ceil_mode=True)", "self.fit = nn.AdaptiveAvgPool3d((1, 2, 2))", HEAD],
        [VOLUMES, "v = torch.sigmoid(self.up(v))", "return self.fc(torch.cat((self.avg(v).flatten(1), self.fit(v).flatten(1)), 1))"]),
    "volumes padded, resized, normalised": (
        ["self.pad = nn.ReplicationPad3d(1)", "self.up = nn.Upsample(scale_factor=2, mode='trilinear')", "self.norm = nn.InstanceNorm3d(1, affine=True)", "self.most = nn.AdaptiveMaxPool3d(2)", HEAD],
        [VOLUMES, "v = self.norm(self.up(self.pad(v)))", "return self.fc(self.most(v).flatten(1))"]),
    "lazy layers": (
        ["self.conv = nn.LazyConv1d(4, 3, groups=2, padding=1)", "self.norm = nn.LazyBatchNorm1d()", "self.back = nn.LazyConvTranspose1d(3, 2)", "self.hidden = nn.LazyLinear(5, bias=False)", HEAD],
        ["h = torch.tanh(self.norm(self.conv(x)))", "return self.fc(torch.sigmoid(self.hidden(self.back(h).flatten(1))))"]),
    "roots of powers": (
        ["self.lin = nn.Linear(3, 4)", "self.pool = nn.LPPool1d(2, 2)", "self.planes = nn.LPPool2d(3, (2, 1), stride=(3, 1))", HEAD],
        ["h = torch.sigmoid(self.lin(x))", "return self.fc(torch.cat((self.pool(h).flatten(1), self.planes(h[:, None]).flatten(1), F.lp_pool1d(h, 4, 3).flatten(1)), 1))"]),
    "windows as columns and back": (
        ["self.unfold = nn.Unfold(kernel_size=(2, 2), padding=(0, 1))", "self.lin = nn.Linear(20, 20)", "self.fold = nn.Fold((6, 3), (2, 2), padding=(0, 1))", HEAD],
        [PLANES, "c = torch.tanh(self.lin(self.unfold(p)))", "return self.fc(self.fold(c).flatten(1)) + F.unfold(p, 3).mean((1, 2)).unsqueeze(1)"]),
    "places of largest elements": (
        ["self.conv = nn.Conv2d(1, 2, 3, padding=1)", "self.pool = nn.MaxPool2d((2, 1), return_indices=True)", "self.back = nn.MaxUnpool2d((2, 1))", HEAD],
        [PLANES, "h, places = self.pool(torch.tanh(self.conv(p)))", "return self.fc(self.back(h.square(), places).flatten(1))"]),
    "places along lengths": (
        ["self.conv = nn.Conv1d(6, 2, 1)", HEAD],
        ["h, places = F.max_pool1d(torch.tanh(self.conv(x)), 2, return_indices=True)", "return self.fc(F.max_unpool1d(h, places, 2, output_size=(5, 2, 3)).flatten(1))"]),
    "channels dealt out": (
        ["self.deal = nn.ChannelShuffle(2)", "self.conv = nn.Conv1d(6, 2, 3, groups=2)"],
        ["return self.conv(self.deal(x[..., None]).squeeze(-1)).squeeze(-1)  # PyTorch 1.13 has no derivative of it"]),
    "distances of points": (
        ["self.a = nn.Linear(18, 4)", "self.b = nn.Linear(18, 4)", "self.alike = nn.CosineSimilarity(dim=1, eps=1e-6)", "self.far = nn.PairwiseDistance(p=1.0, keepdim=True)"],
        ["f = x.flatten(1)", "a, b = self.a(f), torch.tanh(self.b(f))", "return torch.cat((self.alike(a, b).unsqueeze(1), self.far(a, b)), 1) + F.pairwise_distance(a, b).unsqueeze(1)"]),
    "triplets by distances of one's own": (
        ["self.lin = nn.Linear(18, 4)", "self.loss = nn.TripletMarginWithDistanceLoss(distance_function=lambda a, b: (a - b).abs().mean(1), margin=0.7, swap=True)",
         "self.plain = nn.TripletMarginWithDistanceLoss(reduction='none')"],
        ["h = self.lin(x.flatten(1))", "a, b, c = h, h.roll(1, 0), h.flip(0)", "return (self.loss(a, b, c) + self.plain(a, b, c)).unsqueeze(1).expand(-1, 2)"]),
    **{f"bags of rows, {mode}": (
        [f"self.bag = nn.EmbeddingBag(4, 3, mode='{mode}')", HEAD],
        ["return self.fc(self.bag((x[:, :, 0].abs() * 3).long()))"]) for mode in ("mean", "sum", "max")},
    "bilinear forms": (
        ["self.form = nn.Bilinear(3, 3, 2)"], ["return torch.tanh(self.form(x[:, 0], x[:, 1]))"]),
    "layers as functions of parameters": (
        ["self.w = nn.Parameter(torch.randn(6, 2, 2))", "self.slope = nn.Parameter(torch.randn(2))", "self.k = nn.Parameter(torch.randn(1, 1, 2, 2, 2))", HEAD],
        ["h = F.prelu(F.conv_transpose1d(x, self.w, stride=2), self.slope)", "v = F.conv3d(x.reshape(-1, 1, 2, 3, 3), self.k)", "return self.fc(torch.cat((F.rrelu(h, 0.2, 0.4).flatten(1), v.flatten(1)), 1))"]),
    "layers of a decoder": (
        ["self.lin = nn.Linear(3, 4)", "layer = nn.TransformerDecoderLayer(4, 2, 8, dropout=0, batch_first=True)",
         "self.dec = nn.TransformerDecoder(layer, 2, norm=nn.LayerNorm(4))", "self.fc = nn.Linear(4, 2)"],
        ["h = self.lin(x)", "mask = nn.Transformer.generate_square_subsequent_mask(4)", "return self.fc(self.dec(h[:, :4], h, tgt_mask=mask)[:, -1])"]),
    "a layer of a decoder, norms first": (
        ["self.lin = nn.Linear(3, 4)", "self.dec = nn.TransformerDecoderLayer(d_model=4, nhead=1, dim_feedforward=6, dropout=0, activation='gelu', norm_first=True)", "self.fc = nn.Linear(4, 2)"],
        ["h = self.lin(x).transpose(0, 1)", "return self.fc(self.dec(h, h[:3].tanh(), memory_key_padding_mask=x[:, :3, 0] > 0.95).mean(0))"]),
    "a whole transformer": (
        ["self.lin = nn.Linear(3, 4)", "self.both = nn.Transformer(4, 2, 1, 2, 8, 0.0, batch_first=True)", "self.fc = nn.Linear(4, 2)"],
        ["h = self.lin(x)", "return self.fc(self.both(h, h[:, 1:3], tgt_mask=nn.Transformer.generate_square_subsequent_mask(2)).mean(1))"]),
    "attention to keys and values of other sizes": (
        ["self.lin = nn.Linear(3, 4)", "self.attend = nn.MultiheadAttention(4, 2, kdim=3, vdim=2, batch_first=True)", "self.fc = nn.Linear(4, 2)"],
        ["h, _ = self.attend(self.lin(x), x, x[:, :, 1:], need_weights=False)", "return self.fc(h[:, 0])"]),
    "a spatial transformer": (
        ["self.where = nn.Linear(18, 6)", HEAD],
        [PLANES, "theta = self.where(x.flatten(1)).view(-1, 2, 3)", "g = F.affine_grid(theta, p.size(), align_corners=False)",
         "h = F.affine_grid(theta.tanh(), (5, 1, 4, 4), align_corners=True)",
         "s = F.grid_sample(p, g, align_corners=False)", "t = F.grid_sample(p, h, padding_mode='border', align_corners=True)",
         "u = F.grid_sample(p, h, mode='nearest')", "return self.fc(torch.cat((s.flatten(1), t.flatten(1), u.flatten(1)), 1))"]),
    "channels by themselves, as a function": (
        ["self.scale = nn.Parameter(torch.randn(6))", HEAD],
        ["return self.fc(F.instance_norm(x, weight=self.scale, eps=1e-3).flatten(1) + F.instance_norm(x.tanh()).flatten(1))"]),
    "changes in place": (
        ["self.a = nn.Linear(18, 4)", "self.fc = nn.Linear(4, 2)"],
        ["h = self.a(x.flatten(1))", "F.leaky_relu_(h, 0.2)", "return self.fc(F.hardtanh_(h.square(), 0.1, 0.6))"]),
}

write(CASES)
