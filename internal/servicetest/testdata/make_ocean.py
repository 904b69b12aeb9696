from osgeo import gdal, osr
import struct, math
gdal.UseExceptions()
drv=gdal.GetDriverByName('netCDF')
ds=drv.CreateMultiDimensional('ocean.nc', ['FORMAT=NC'])
rg=ds.GetRootGroup()
W,H=12,8
t=rg.CreateDimension('time', gdal.DIM_TYPE_TEMPORAL, None, 3)
z=rg.CreateDimension('depth', gdal.DIM_TYPE_VERTICAL, None, 2)
y=rg.CreateDimension('lat', gdal.DIM_TYPE_HORIZONTAL_Y, None, H)
x=rg.CreateDimension('lon', gdal.DIM_TYPE_HORIZONTAL_X, None, W)
f64=gdal.ExtendedDataType.Create(gdal.GDT_Float64); f32=gdal.ExtendedDataType.Create(gdal.GDT_Float32)
s=gdal.ExtendedDataType.CreateString()
def arr(n,dims,typ,vals,attrs,code):
    a=rg.CreateMDArray(n,dims,typ)
    for k,v in attrs.items():
        at=a.CreateAttribute(k,[],s); at.WriteString(v)
    a.Write(struct.pack('<%d%s'%(len(vals),code),*vals))
    return a
arr('time',[t],f64,[0,31,60.5],{'units':'days since 2000-01-01 00:00:00','calendar':'standard','standard_name':'time','axis':'T'},'d')
arr('depth',[z],f64,[0,50],{'units':'m','positive':'down','standard_name':'depth','axis':'Z'},'d')
arr('lat',[y],f64,[50-i for i in range(H)],{'units':'degrees_north','standard_name':'latitude','axis':'Y'},'d')
arr('lon',[x],f64,[-10+i for i in range(W)],{'units':'degrees_east','standard_name':'longitude','axis':'X'},'d')
def val(v,i,j,r,c): return v+1000*i+100*j+r*W+c
for name,base,ln,u in (('water_temp',0,'sea water temperature','degC'),('salinity',5000,'salinity','psu')):
    arr(name,[t,z,y,x],f32,[val(base,i,j,r,c) for i in range(3) for j in range(2) for r in range(H) for c in range(W)],{'long_name':ln,'units':u,'coordinates':'time depth lat lon'},'f')
u8=gdal.ExtendedDataType.Create(gdal.GDT_Byte)
arr('ice',[t,y,x],u8,[(10*i+r*W+c)%250 for i in range(3) for r in range(H) for c in range(W)],{'long_name':'sea ice','units':'%'},'B')
ds=None
